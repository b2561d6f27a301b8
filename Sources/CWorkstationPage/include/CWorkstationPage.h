// The files of the reading room's page, as they lie in Assets: part of the program, so that it runs wherever it is moved to.
#ifndef CWORKSTATIONPAGE_H
#define CWORKSTATIONPAGE_H
#include <stddef.h>

typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} CWorkstationPageFile;

// How many files there are.
size_t cworkstation_page_count(void);
// File `index`, from 0.
CWorkstationPageFile cworkstation_page_file(size_t index);
#endif
