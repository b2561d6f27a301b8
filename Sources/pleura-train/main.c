// `pleura-train`: looks whether all libraries of `pleura-trainer` beside it are there, LibTorch above all, and becomes that program. A program that is
// linked with what is missing is ended by the system's loader before it can say anything; this one needs nothing but C's own library.
#define _GNU_SOURCE
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// The contract's code for something that is missing.
enum { MISSING = 3 };

static int fail(const char *what, const char *todo) {
    dprintf(STDERR_FILENO, "pleura-train: %s%s\n", what, todo);
    return MISSING;
}

// Writes the names of libraries that the loader does not find, as it lists them itself; false where it cannot be asked.
static bool ask_loader(const char *program, char *names, size_t capacity) {
    int ends[2];
    names[0] = 0;
    if (pipe(ends)) return false;
    pid_t child = fork();
    if (child < 0) return false;
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        // Then it lists the libraries and does not start the program (ld.so(8)).
        setenv("LD_TRACE_LOADED_OBJECTS", "1", 1);
        execl(program, program, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *list = fdopen(ends[0], "r");
    char line[PATH_MAX + 256];
    while (list && fgets(line, sizeof line, list)) {
        char *end = strstr(line, " => not found");
        if (!end) continue;
        *end = 0;
        const char *name = line + strspn(line, " \t");
        size_t length = strlen(names);
        if (length + strlen(name) + 3 < capacity) snprintf(names + length, capacity - length, "%s%s", length ? ", " : "", name);
    }
    if (list) fclose(list);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return WIFEXITED(status) && WEXITSTATUS(status) != 127;
}

int main(int count, char **arguments) {
    (void)count;
    char own[PATH_MAX], program[PATH_MAX + 32], names[1024], text[PATH_MAX + 2048];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length < 0) return fail("/proc is not there, so that the program cannot be found", "");
    own[length] = 0;
    const char *folder = dirname(own);
    snprintf(program, sizeof program, "%s/pleura-trainer", folder);
    if (access(program, X_OK)) {
        snprintf(text, sizeof text, "training is missing: pleura-trainer is not beside the program (%s): build it with make train", folder);
        return fail(text, "; in place of a copied program make a link to it");
    }
    if (ask_loader(program, names, sizeof names) && names[0]) {
        snprintf(text, sizeof text, "training is missing: %s cannot be found: run ./setup train", names);
        return fail(text, "; in place of a copied program make a link to it");
    }
    execv(program, arguments);
    return fail(program, ": it cannot be run");
}
