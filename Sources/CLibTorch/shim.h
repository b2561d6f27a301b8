/* Empty on purpose: the C++ headers are included by CTorch only. */
