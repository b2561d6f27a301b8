#include "Messages.h"

#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmnet/cond.h>
#include <dcmtk/dcmnet/dul.h>

#include <cstring>

using namespace network;

OFCondition network::readFragment(T_ASC_Association *association, uint32_t patience, DUL_PDV &fragment) {
    OFCondition condition = DUL_NextPDV(&association->DULassociation, &fragment);
    if (condition.good()) return condition;
    if (!ASC_dataWaiting(association, static_cast<int>(patience))) return DIMSE_NODATAAVAILABLE;
    condition = DUL_ReadPDVs(&association->DULassociation, nullptr, DUL_NOBLOCK, static_cast<int>(patience));
    if (condition != DUL_PDATAPDUARRIVED) return condition.good() ? DIMSE_READPDVFAILED : condition;
    return DUL_NextPDV(&association->DULassociation, &fragment);
}

OFCondition network::readDataset(
    T_ASC_Association *association, uint32_t patience, T_ASC_PresentationContextID context,
    const std::function<bool(const uint8_t *bytes, size_t count)> &take) {
    bool isWanted = true;
    for (;;) {
        DUL_PDV fragment;
        const OFCondition condition = readFragment(association, patience, fragment);
        if (condition.bad()) return condition;
        if (fragment.pdvType != DUL_DATASETPDV) return DIMSE_UNEXPECTEDPDVTYPE;
        if (fragment.presentationContextID != context) return unexpectedMessage();
        if (isWanted && fragment.fragmentLength > 0) isWanted = take(static_cast<const uint8_t *>(fragment.data), fragment.fragmentLength);
        if (fragment.lastPDV) return EC_Normal;
    }
}

namespace {

uint16_t little16(const uint8_t *p) { return uint16_t(p[0] | p[1] << 8); }
uint32_t little32(const uint8_t *p) { return uint32_t(p[0]) | uint32_t(p[1]) << 8 | uint32_t(p[2]) << 16 | uint32_t(p[3]) << 24; }

/// Whether every element of a little-endian dataset lies inside what holds it, at most `deepest` sequences deep.
bool isSound(const std::vector<uint8_t> &bytes, bool isExplicit, size_t deepest) {
    constexpr uint32_t undefined = 0xFFFFFFFF;
    std::vector<size_t> ends;  // of what is open; SIZE_MAX: until a delimiter
    size_t place = 0;
    while (true) {
        while (!ends.empty() && place == ends.back()) ends.pop_back();
        if (place == bytes.size()) return true;  // DCMTK minds what was left open
        const size_t end = [&] {
            size_t nearest = bytes.size();
            for (const size_t one : ends) nearest = std::min(nearest, one);
            return nearest;
        }();
        if (end < place || end - place < 8) return false;
        const uint8_t *p = bytes.data() + place;
        const uint16_t group = little16(p), element = little16(p + 2);
        uint32_t length = little32(p + 4);
        size_t head = 8;
        bool opens = group == 0xFFFE && element == 0xE000;
        if (group == 0xFFFE && (element == 0xE00D || element == 0xE0DD)) {
            if (length != 0 || ends.empty() || ends.back() != SIZE_MAX) return false;
            ends.pop_back();
            place += 8;
            continue;
        }
        if (!opens && isExplicit && group != 0xFFFE) {
            const std::string vr(reinterpret_cast<const char *>(p + 4), 2);
            const bool isLong = vr == "OB" || vr == "OW" || vr == "OF" || vr == "OD" || vr == "OL" || vr == "OV" || vr == "SQ" ||
                                vr == "UN" || vr == "UC" || vr == "UR" || vr == "UT" || vr == "SV" || vr == "UV";
            if (isLong) {
                if (end - place < 12) return false;
                length = little32(p + 8);
                head = 12;
            } else
                length = little16(p + 6);
            opens = vr == "SQ";
        }
        if (length == undefined) opens = true;
        place += head;
        if (length != undefined && length > end - place) return false;
        if (opens) {
            if (ends.size() >= 2 * deepest) return false;
            ends.push_back(length == undefined ? SIZE_MAX : place + length);
        } else if (!isExplicit && length >= 8 && little16(bytes.data() + place) == 0xFFFE && little16(bytes.data() + place + 2) == 0xE000) {
            // Implicit VR does not say what is a sequence: what begins with an item is looked into as one.
            if (ends.size() >= 2 * deepest) return false;
            ends.push_back(place + length);
        } else
            place += length;
    }
}

}  // namespace

OFCondition network::readSmallDataset(
    T_ASC_Association *association, uint32_t patience, T_ASC_PresentationContextID context, std::unique_ptr<DcmDataset> &dataset,
    size_t limit) {
    T_ASC_PresentationContext accepted;
    OFCondition condition = ASC_findAcceptedPresentationContext(association->params, context, &accepted);
    if (condition.bad()) return condition;
    std::vector<uint8_t> bytes;
    bool isTooLong = false;
    condition = readDataset(association, patience, context, [&](const uint8_t *fragment, size_t count) {
        if (bytes.size() + count > limit) return isTooLong = true, false;
        bytes.insert(bytes.end(), fragment, fragment + count);
        return true;
    });
    if (condition.bad()) return condition;
    const E_TransferSyntax syntax = DcmXfer(accepted.acceptedTransferSyntax).getXfer();
    const bool isExplicit = syntax == EXS_LittleEndianExplicit;
    if (isTooLong || !(isExplicit || syntax == EXS_LittleEndianImplicit) || !isSound(bytes, isExplicit, 16)) return EC_Normal;
    auto parsed = std::make_unique<DcmDataset>();
    DcmInputBufferStream stream;
    if (!bytes.empty()) stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
    stream.setEos();
    parsed->transferInit();
    condition = parsed->read(stream, syntax);
    parsed->transferEnd();
    if (condition.good()) dataset = std::move(parsed);
    return EC_Normal;
}

OFCondition network::sendBytes(
    T_ASC_Association *association, T_ASC_PresentationContextID context, const uint8_t *bytes, size_t count,
    const std::function<bool()> &goesOn) {
    // Fragments are of even length; 12 bytes of each PDU are heads. Peers that name no limit get a usual one.
    const size_t largest = association->sendPDVLength & ~size_t(1);
    size_t place = 0;
    do {
        if (!goesOn()) return DUL_NETWORKCLOSED;
        const size_t size = std::min(largest, count - place);
        DUL_PDV fragment;
        std::memset(&fragment, 0, sizeof fragment);
        fragment.fragmentLength = size;
        fragment.presentationContextID = context;
        fragment.pdvType = DUL_DATASETPDV;
        fragment.lastPDV = place + size == count;
        fragment.data = const_cast<uint8_t *>(bytes + place);
        DUL_PDVLIST list;
        std::memset(&list, 0, sizeof list);
        list.count = 1;
        list.pdv = &fragment;
        const OFCondition condition = DUL_WritePDVs(&association->DULassociation, &list);
        if (condition.bad()) return condition;
        place += size;
    } while (place < count);
    return EC_Normal;
}

OFCondition network::unexpectedMessage() {
    return makeDcmnetCondition(DIMSEC_UNEXPECTEDRESPONSE, OF_error, "a message that does not belong here");
}

T_DIMSE_Message network::emptyMessage(T_DIMSE_Command command) {
    T_DIMSE_Message message;
    std::memset(static_cast<void *>(&message), 0, sizeof message);
    message.CommandField = command;
    return message;
}

void network::copyUID(DIC_UI &to, const std::string &from) { OFStandard::strlcpy(to, from.c_str(), sizeof to); }
