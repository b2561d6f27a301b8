#include "CDeidentification.h"

#include "ReadFile.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcdict.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcostrma.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <dcmtk/dcmdata/dcvr.h>
#include <dcmtk/dcmdata/dcxfer.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

struct CDeidentificationFile {
    DcmFileFormat format;
    E_TransferSyntax syntax = EXS_Unknown;
};

namespace {

DcmItem *item(const CDeidentificationItem *pointer) { return reinterpret_cast<DcmItem *>(const_cast<CDeidentificationItem *>(pointer)); }
CDeidentificationItem *face(DcmItem *pointer) { return reinterpret_cast<CDeidentificationItem *>(pointer); }
DcmElement *element(const CDeidentificationItem *holder, uint32_t index) {
    return holder && index < item(holder)->card() ? item(holder)->getElement(index) : nullptr;
}

/// A file in memory that grows as it is written.
class Memory : public DcmConsumer {
public:
    ~Memory() override { std::free(bytes_); }
    OFBool good() const override { return status_.good(); }
    OFCondition status() const override { return status_; }
    OFBool isFlushed() const override { return OFTrue; }
    offile_off_t avail() const override { return status_.good() ? 1 << 30 : 0; }
    void flush() override {}
    offile_off_t write(const void *buffer, offile_off_t length) override {
        if (status_.bad() || length <= 0) return 0;
        const size_t wanted = size_ + static_cast<size_t>(length);
        if (wanted > capacity_) {
            const size_t room = std::max(wanted, capacity_ + capacity_ / 2 + 65'536);
            auto *grown = static_cast<char *>(std::realloc(bytes_, room));
            if (!grown) {
                status_ = EC_MemoryExhausted;
                return 0;
            }
            bytes_ = grown;
            capacity_ = room;
        }
        std::memcpy(bytes_ + size_, buffer, static_cast<size_t>(length));
        size_ = wanted;
        return length;
    }
    char *take(size_t *size) {
        *size = size_;
        char *taken = bytes_;
        bytes_ = nullptr;
        return taken;
    }
    size_t size() const { return size_; }

private:
    char *bytes_ = nullptr;
    size_t size_ = 0, capacity_ = 0;
    OFCondition status_ = EC_Normal;
};

class Output : public DcmOutputStream {
public:
    explicit Output(Memory &memory) : DcmOutputStream(&memory) {}
};

}  // namespace

extern "C" {

CDeidentificationFile *CDeidentificationOpen(const void *bytes, size_t count, int32_t *kind) {
    CDeidentificationFile *file = nullptr;
    try {
        file = new CDeidentificationFile();
        int64_t end = 0;
        *kind = pleura::readFile(file->format, bytes, count, false, end);
        file->syntax = file->format.getDataset()->getOriginalXfer();
        if (file->format.getDataset()->card() > 0) return file;
        if (*kind == CDICOMInputProblemNone) *kind = CDICOMInputProblemDamaged;
    } catch (const std::bad_alloc &) {
        *kind = CDICOMInputProblemOutOfMemory;
    } catch (...) {
        *kind = CDICOMInputProblemDamaged;
    }
    delete file;
    return nullptr;
}

void CDeidentificationClose(CDeidentificationFile *file) {
    try {
        delete file;
    } catch (...) {
    }
}

CDeidentificationItem *CDeidentificationDataset(CDeidentificationFile *file) { return face(file->format.getDataset()); }
CDeidentificationItem *CDeidentificationMetaInformation(CDeidentificationFile *file) { return face(file->format.getMetaInfo()); }

uint32_t CDeidentificationCount(const CDeidentificationItem *holder) { return holder ? static_cast<uint32_t>(item(holder)->card()) : 0; }

bool CDeidentificationElementAt(const CDeidentificationItem *holder, uint32_t index, CDeidentificationElement *out) {
    try {
        DcmElement *found = element(holder, index);
        if (!found) return false;
        auto *sequence = dynamic_cast<DcmSequenceOfItems *>(found);
        const bool isSequence = sequence && found->ident() == EVR_SQ;
        out->group = found->getTag().getGroup();
        out->element = found->getTag().getElement();
        std::snprintf(out->representation, sizeof out->representation, "%.2s", DcmVR(found->getTag().getEVR()).getValidVRName());
        out->length = isSequence ? static_cast<uint32_t>(sequence->card()) : static_cast<uint32_t>(found->getLength());
        out->isSequence = isSequence;
        const DcmDictEntry *entry = dcmDataDict.rdlock().findEntry(found->getTag().getXTag(), nullptr);
        out->isKnown = entry != nullptr;
        dcmDataDict.rdunlock();
        return true;
    } catch (...) {
        return false;
    }
}

CDeidentificationItem *CDeidentificationItemAt(const CDeidentificationItem *holder, uint32_t index, uint32_t number) {
    try {
        auto *sequence = dynamic_cast<DcmSequenceOfItems *>(element(holder, index));
        return sequence && number < sequence->card() ? face(sequence->getItem(number)) : nullptr;
    } catch (...) {
        return nullptr;
    }
}

char *CDeidentificationText(const CDeidentificationItem *holder, uint32_t index, size_t *size) {
    try {
        *size = 0;
        DcmElement *found = element(holder, index);
        OFString text;
        if (!found || !found->isaString() || found->getOFStringArray(text, OFFalse).bad() || text.empty()) return nullptr;
        size_t length = text.size();
        while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == 0)) --length;
        auto *out = static_cast<char *>(std::malloc(length + 1));
        if (!out) return nullptr;
        std::memcpy(out, text.data(), length);
        out[length] = 0;
        *size = length;
        return out;
    } catch (...) {
        return nullptr;
    }
}

bool CDeidentificationRemove(CDeidentificationItem *holder, uint32_t index) {
    try {
        DcmElement *found = element(holder, index);
        if (!found) return false;
        delete item(holder)->remove(found);
        return true;
    } catch (...) {
        return false;
    }
}

bool CDeidentificationRemoveItem(CDeidentificationItem *holder, uint32_t index, uint32_t number) {
    try {
        auto *sequence = dynamic_cast<DcmSequenceOfItems *>(element(holder, index));
        if (!sequence || number >= sequence->card()) return false;
        delete sequence->remove(number);
        return true;
    } catch (...) {
        return false;
    }
}

bool CDeidentificationSetText(CDeidentificationItem *holder, uint32_t index, const char *text) {
    try {
        DcmElement *found = element(holder, index);
        return found && found->putString(text).good();
    } catch (...) {
        return false;
    }
}

bool CDeidentificationSetZeros(CDeidentificationItem *holder, uint32_t index) {
    try {
        DcmElement *found = element(holder, index);
        if (!found) return false;
        switch (found->ident()) {
            case EVR_US: case EVR_xs: return found->putUint16(0).good();
            case EVR_SS: return found->putSint16(0).good();
            case EVR_UL: case EVR_up: return found->putUint32(0).good();
            case EVR_SL: return found->putSint32(0).good();
            case EVR_FL: return found->putFloat32(0).good();
            case EVR_FD: return found->putFloat64(0).good();
            case EVR_OW: case EVR_lt: {
                const Uint16 zero = 0;
                return found->putUint16Array(&zero, 1).good();
            }
            default: {
                const Uint8 zeros[2] = {0, 0};
                return found->putUint8Array(zeros, 2).good();
            }
        }
    } catch (...) {
        return false;
    }
}

bool CDeidentificationSetEmpty(CDeidentificationItem *holder, uint32_t index) {
    try {
        DcmElement *found = element(holder, index);
        return found && found->clear().good();
    } catch (...) {
        return false;
    }
}

bool CDeidentificationPut(CDeidentificationItem *holder, uint16_t group, uint16_t number, const char *representation, const char *text) {
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

CDeidentificationItem *CDeidentificationAppend(CDeidentificationItem *holder, uint16_t group, uint16_t number) {
    try {
        DcmItem *made = nullptr;
        const DcmTag tag(DcmTagKey(group, number), DcmVR(EVR_SQ));
        return item(holder)->findOrCreateSequenceItem(tag, made, -2).good() ? face(made) : nullptr;
    } catch (...) {
        return nullptr;
    }
}

char *CDeidentificationWrite(CDeidentificationFile *file, size_t *size, int32_t *kind) {
    *size = 0;
    *kind = CDICOMInputProblemDamaged;
    try {
        // What is left in meta information besides UIDs tells where the file was; a new one says what the dataset is.
        DcmMetaInfo *meta = file->format.getMetaInfo();
        meta->clear();
        Memory memory;
        Output stream(memory);
        file->format.transferInit();
        const OFCondition condition = file->format.write(
            stream, file->syntax, EET_UndefinedLength, nullptr, EGL_recalcGL, EPD_noChange, 0, 0, 0, EWM_createNewMeta);
        file->format.transferEnd();
        stream.flush();
        if (condition.good() && memory.good() && memory.size() > 132) {
            char *bytes = memory.take(size);
            std::memset(bytes, 0, 128);
            *kind = CDICOMInputProblemNone;
            return bytes;
        }
        if (condition == EC_MemoryExhausted || memory.status() == EC_MemoryExhausted) *kind = CDICOMInputProblemOutOfMemory;
    } catch (const std::bad_alloc &) {
        *kind = CDICOMInputProblemOutOfMemory;
    } catch (...) {
    }
    return nullptr;
}

void CDeidentificationFree(char *bytes) { std::free(bytes); }

}  // extern "C"
