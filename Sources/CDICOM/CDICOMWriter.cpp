#include "CDICOMWriter.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <dcmtk/dcmdata/dcvr.h>
#include <dcmtk/dcmdata/dcxfer.h>
#include <dcmtk/oflog/oflog.h>

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

struct CDICOMWriter {
    DcmFileFormat format;
    E_TransferSyntax syntax = EXS_LittleEndianExplicit;
};

namespace {

/// Once a process, before DCMTK's logger writes anything of a dataset to standard error.
void silence() {
    static const bool silent = [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        return true;
    }();
    (void)silent;
}

DcmItem *item(CDICOMWriterItem *pointer) { return reinterpret_cast<DcmItem *>(pointer); }
CDICOMWriterItem *face(DcmItem *pointer) { return reinterpret_cast<CDICOMWriterItem *>(pointer); }

void set(CDICOMProblem *problem, int32_t kind, const char *text = "") {
    problem->kind = kind;
    std::snprintf(problem->text, sizeof problem->text, "%s", text);
}

DcmSequenceOfItems *sequence(DcmItem *holder, const DcmTagKey &key) {
    DcmElement *found = nullptr;
    if (holder->findAndGetElement(key, found).good()) return dynamic_cast<DcmSequenceOfItems *>(found);
    auto *made = new DcmSequenceOfItems(DcmTag(key, DcmVR(EVR_SQ)));
    if (holder->insert(made, OFTrue).good()) return made;
    delete made;
    return nullptr;
}

}  // namespace

extern "C" {

CDICOMWriter *CDICOMWriterCreate(void) {
    try {
        silence();
        return new CDICOMWriter();
    } catch (...) {
        return nullptr;
    }
}

void CDICOMWriterDestroy(CDICOMWriter *writer) {
    try {
        delete writer;
    } catch (...) {
    }
}

CDICOMWriterItem *CDICOMWriterDataset(CDICOMWriter *writer) { return face(writer->format.getDataset()); }

bool CDICOMWriterText(CDICOMWriterItem *holder, uint16_t group, uint16_t number, const char *representation, const char *text) {
    try {
        DcmElement *made = nullptr;
        const DcmTag tag(DcmTagKey(group, number), DcmVR(representation));
        if (DcmItem::newDicomElementWithVR(made, tag).bad() || !made) return false;
        if (made->putString(text).bad() || item(holder)->insert(made, OFTrue).bad()) {
            delete made;
            return false;
        }
        return true;
    } catch (...) {
        return false;
    }
}

CDICOMWriterItem *CDICOMWriterAppend(CDICOMWriterItem *holder, uint16_t group, uint16_t number) {
    try {
        DcmSequenceOfItems *list = sequence(item(holder), DcmTagKey(group, number));
        if (!list) return nullptr;
        auto *made = new DcmItem();
        if (list->append(made).good()) return face(made);
        delete made;
        return nullptr;
    } catch (...) {
        return nullptr;
    }
}

bool CDICOMWriterEmptySequence(CDICOMWriterItem *holder, uint16_t group, uint16_t number) {
    try {
        return sequence(item(holder), DcmTagKey(group, number)) != nullptr;
    } catch (...) {
        return false;
    }
}

bool CDICOMWriterBytes(
    CDICOMWriterItem *holder, uint16_t group, uint16_t number, const char *representation, const uint8_t *bytes, size_t count) {
    try {
        if (count > UINT32_MAX - 1) return false;
        const DcmTag tag(DcmTagKey(group, number), DcmVR(representation));
        DcmElement *made = nullptr;
        if (DcmItem::newDicomElementWithVR(made, tag).bad() || !made) return false;
        std::unique_ptr<DcmElement> owner(made);
        OFCondition condition = EC_IllegalParameter;
        if (tag.getEVR() == EVR_OW) {
            if (count % 2) return false;
            // Aligned, and in this machine's order: little-endian on those that this is built for.
            std::vector<Uint16> words(count / 2);
            if (count) std::memcpy(words.data(), bytes, count);
            condition = made->putUint16Array(words.data(), static_cast<unsigned long>(words.size()));
        } else
            condition = made->putUint8Array(bytes, static_cast<unsigned long>(count));
        if (condition.bad() || item(holder)->insert(made, OFTrue).bad()) return false;
        owner.release();
        return true;
    } catch (...) {
        return false;
    }
}

bool CDICOMWriterFragment(CDICOMWriter *writer, const char *syntax, const uint8_t *bytes, size_t count) {
    try {
        const DcmXfer found(syntax);
        if (!found.isEncapsulated() || count > UINT32_MAX - 1) return false;
        auto pixels = std::make_unique<DcmPixelData>(DCM_PixelData);
        auto sequence = std::make_unique<DcmPixelSequence>(DCM_PixelSequenceTag);
        auto offsets = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
        if (sequence->insert(offsets.get()).bad()) return false;
        offsets.release();
        auto fragment = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
        if (fragment->putUint8Array(bytes, static_cast<unsigned long>(count)).bad()) return false;
        if (sequence->insert(fragment.get()).bad()) return false;
        fragment.release();
        pixels->putOriginalRepresentation(found.getXfer(), nullptr, sequence.release());
        if (writer->format.getDataset()->insert(pixels.get(), OFTrue).bad()) return false;
        pixels.release();
        writer->syntax = found.getXfer();
        return true;
    } catch (...) {
        return false;
    }
}

bool CDICOMWriterPixels(CDICOMWriter *writer, const uint16_t *samples, size_t count) {
    try {
        if (count > ULONG_MAX / 2 || count > UINT32_MAX / 2) return false;
        const DcmTag tag(DCM_PixelData, DcmVR(EVR_OW));
        return writer->format.getDataset()->putAndInsertUint16Array(tag, samples, static_cast<unsigned long>(count)).good();
    } catch (...) {
        return false;
    }
}

uint8_t *CDICOMWriterFile(CDICOMWriter *writer, size_t *size, CDICOMProblem *problem) {
    *problem = CDICOMProblem{CDICOMProblemNone, {0}};
    uint8_t *bytes = nullptr;
    try {
        const E_TransferSyntax syntax = writer->syntax;
        // Preamble and meta information take far less than the page that is added.
        const size_t room = writer->format.getDataset()->calcElementLength(syntax, EET_ExplicitLength) + 65'536;
        bytes = static_cast<uint8_t *>(std::malloc(room));
        if (!bytes) {
            set(problem, CDICOMProblemOutOfMemory);
            return nullptr;
        }
        DcmOutputBufferStream stream(bytes, static_cast<offile_off_t>(room));
        writer->format.transferInit();
        const OFCondition condition = writer->format.write(stream, syntax, EET_ExplicitLength, nullptr);
        writer->format.transferEnd();
        void *written = nullptr;
        offile_off_t length = 0;
        stream.flushBuffer(written, length);
        if (condition.good() && written == bytes && length > 0) {
            *size = static_cast<size_t>(length);
            return bytes;
        }
        set(problem, CDICOMProblemDamaged, condition.text());
    } catch (const std::bad_alloc &) {
        set(problem, CDICOMProblemOutOfMemory);
    } catch (...) {
        set(problem, CDICOMProblemDamaged);
    }
    std::free(bytes);
    return nullptr;
}

void CDICOMWriterFree(uint8_t *bytes) { std::free(bytes); }

}  // extern "C"
