#pragma once
// A C face over DCMTK's network classes: a node that receives (SCP) and calls to peers (SCU).
// Every condition and exception becomes a CDICOMNetworkProblem; nothing is printed, and no value of a dataset stands in a text.

#include "CDICOMCalls.h"
#include "CDICOMCommon.h"
#include "CDICOMNames.h"
#include "CDICOMNode.h"
