#include "CStructuredReport.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmsr/dsrdoc.h>
#include <dcmtk/oflog/oflog.h>

#include <cstdio>

namespace {

/// Once a process: DCMTK's logger would write values to standard error.
void silence() {
    static const bool silent = [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        return true;
    }();
    (void)silent;
}

bool fail(char *reason, size_t capacity, const char *text) {
    std::snprintf(reason, capacity, "%s", text);
    return false;
}

}  // namespace

extern "C" bool CStructuredReportIsValid(const void *bytes, size_t count, size_t *items, char *reason, size_t capacity) {
    try {
        silence();
        *items = 0;
        DcmInputBufferStream stream;
        stream.setBuffer(bytes, static_cast<offile_off_t>(count));
        stream.setEos();
        DcmFileFormat file;
        file.transferInit();
        OFCondition condition = file.read(stream);
        file.transferEnd();
        stream.releaseBuffer();
        if (condition.bad()) return fail(reason, capacity, condition.text());
        DSRDocument document;
        condition = document.read(*file.getDataset());
        if (condition.bad()) return fail(reason, capacity, condition.text());
        if (!document.isValid()) return fail(reason, capacity, "not a valid document");
        *items = document.getTree().countNodes();
        return true;
    } catch (...) {
        return fail(reason, capacity, "not enough memory");
    }
}
