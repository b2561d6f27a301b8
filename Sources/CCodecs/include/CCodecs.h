// Thin C faces of the image codecs: one header a codec.
#ifndef CCODECS_H
#define CCODECS_H
#include "CCodecsJPEG.h"
#include "CCodecsJPEG2000.h"
#include "CCodecsPNG.h"
#endif
