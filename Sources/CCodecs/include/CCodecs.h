#pragma once
#include "CCodecsJPEG2000.h"
