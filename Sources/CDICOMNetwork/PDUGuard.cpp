#include "PDUGuard.h"

#include <set>

using namespace network;

namespace {

constexpr uint8_t associateRequest = 1, associateAccept = 2, associateReject = 3, dataTransfer = 4, releaseRequest = 5, releaseReply = 6,
                  abortion = 7;
constexpr uint32_t largestAssociate = 0x40000;
/// No command of PS3.7 comes near these.
constexpr size_t largestCommand = 0x10000, mostCommandFragments = 1024;
constexpr size_t mostContexts = 128, mostTransferSyntaxes = 64, longestUID = 64;

uint32_t big32(const uint8_t *p) { return uint32_t(p[0]) << 24 | uint32_t(p[1]) << 16 | uint32_t(p[2]) << 8 | p[3]; }
uint16_t big16(const uint8_t *p) { return uint16_t(p[0] << 8 | p[1]); }
uint32_t little32(const uint8_t *p) { return uint32_t(p[3]) << 24 | uint32_t(p[2]) << 16 | uint32_t(p[1]) << 8 | p[0]; }

struct Item {
    uint8_t type = 0;
    const uint8_t *bytes = nullptr;
    size_t size = 0;
};

/// Items one after another: type, a reserved byte, a length of 16 bits.
class Items {
public:
    Items(const uint8_t *bytes, size_t size) : place(bytes), left(size) {}

    /// False at the end, and where an item is longer than what holds it: then `isSound` is false.
    bool next(Item &item) {
        if (left == 0) return false;
        if (left < 4) return isSound = false;
        item = {place[0], place + 4, big16(place + 2)};
        if (item.size > left - 4) return isSound = false;
        place += 4 + item.size;
        left -= 4 + item.size;
        return true;
    }
    bool isSound = true;

private:
    const uint8_t *place;
    size_t left;
};

std::string presentationContext(const Item &item, bool isAnswer, std::set<uint8_t> &identifiers) {
    if (item.size < 4) return "a presentation context is too short";
    if (item.bytes[0] % 2 == 0 || !identifiers.insert(item.bytes[0]).second) return "a presentation context's id is even or doubled";
    if (isAnswer && item.bytes[2] != 0) return "";  // what a refused one holds means nothing
    size_t abstracts = 0, transfers = 0;
    Items parts(item.bytes + 4, item.size - 4);
    for (Item part; parts.next(part);) {
        if (part.type == 0x30) ++abstracts;
        if (part.type == 0x40) ++transfers;
        if ((part.type == 0x30 || part.type == 0x40) && part.size > longestUID) return "a UID in a presentation context is too long";
    }
    if (!parts.isSound) return "a presentation context's item is longer than the context";
    if (isAnswer ? transfers != 1 : abstracts != 1 || transfers == 0 || transfers > mostTransferSyntaxes)
        return "a presentation context without its syntaxes, or with too many";
    return "";
}

std::string userInformation(const Item &item, bool isAnswer) {
    std::set<uint8_t> seen;
    Items parts(item.bytes, item.size);
    for (Item part; parts.next(part);) {
        const bool isOnce = part.type != 0x54 && part.type != 0x56 && part.type != 0x57;
        if (isOnce && !seen.insert(part.type).second) return "an item of the user information stands twice";
        switch (part.type) {
            case 0x51:
                if (part.size != 4) return "the maximum length has a wrong size";
                break;
            case 0x52:
            case 0x55:
                if (part.size == 0 || part.size > longestUID) return "the implementation's name is too long";
                break;
            case 0x54:
                if (part.size < 4 || big16(part.bytes) > longestUID || part.size != 4u + big16(part.bytes))
                    return "a role selection is malformed";
                break;
            case 0x56:
                if (part.size < 2 || big16(part.bytes) > longestUID || part.size < 2u + big16(part.bytes))
                    return "an extended negotiation is malformed";
                break;
            case 0x58: {
                if (isAnswer || part.size < 6) return "a user identity is malformed";
                const size_t primary = big16(part.bytes + 2);
                if (part.size < 6 + primary || part.size != 6 + primary + big16(part.bytes + 4 + primary))
                    return "a user identity is malformed";
                break;
            }
            case 0x59:
                if (!isAnswer || part.size < 2 || part.size != 2u + big16(part.bytes)) return "an answer to a user identity is malformed";
                break;
            default: break;
        }
    }
    return parts.isSound ? "" : "an item of the user information is longer than it";
}

std::string associate(const std::vector<uint8_t> &pdu, bool isAnswer) {
    constexpr size_t fixed = PDUGuard::headSize + 68;
    if (pdu.size() < fixed) return "an A-ASSOCIATE PDU is too short";
    std::set<uint8_t> identifiers;
    size_t contexts = 0, users = 0;
    Items items(pdu.data() + fixed, pdu.size() - fixed);
    for (Item item; items.next(item);) {
        std::string reason;
        switch (item.type) {
            case 0x10:
                if (item.size > longestUID) reason = "the application context's name is too long";
                break;
            case 0x20:
            case 0x21:
                if ((item.type == 0x21) != isAnswer || ++contexts > mostContexts)
                    return "more than 128 presentation contexts, or of the wrong kind";
                reason = presentationContext(item, isAnswer, identifiers);
                break;
            case 0x50:
                if (++users > 1) return "the user information stands twice";
                reason = userInformation(item, isAnswer);
                break;
            default: break;
        }
        if (!reason.empty()) return reason;
    }
    if (!items.isSound) return "an item is longer than its A-ASSOCIATE PDU";
    return contexts == 0 || users == 0 ? "an A-ASSOCIATE PDU without presentation contexts or user information" : "";
}

}  // namespace

std::string PDUGuard::refuses(const uint8_t *head) {
    const uint8_t type = head[0];
    const uint32_t length = big32(head + 2);
    if (!isAssociated) {
        const bool fits = side == Side::acceptor ? type == associateRequest || type == abortion
                                                 : type == associateAccept || type == associateReject || type == abortion;
        if (!fits) return "not an association's first PDU";
    } else if (type < dataTransfer || type > abortion)
        return "a PDU of an unknown type, or out of order";
    switch (type) {
        case associateRequest:
        case associateAccept: return length > largestAssociate ? "an A-ASSOCIATE PDU is too long" : "";
        case dataTransfer:
            return length > maximumData ? "a P-DATA-TF PDU is longer than was agreed" : length < 6 ? "a P-DATA-TF PDU is too short" : "";
        default: return length != 4 ? "a PDU's length is not what its type has" : "";
    }
}

std::string PDUGuard::refuses(const std::vector<uint8_t> &pdu) {
    switch (pdu[0]) {
        case associateRequest:
        case associateAccept: {
            std::string reason = associate(pdu, pdu[0] == associateAccept);
            isAssociated = reason.empty();
            return reason;
        }
        case dataTransfer: return data(pdu);
        default: return "";
    }
}

std::string PDUGuard::data(const std::vector<uint8_t> &pdu) {
    size_t place = headSize;
    while (place < pdu.size()) {
        if (pdu.size() - place < 6) return "a presentation data value is cut off";
        const size_t length = big32(pdu.data() + place);
        if (length < 2 || length > pdu.size() - place - 4) return "a presentation data value is longer than its PDU";
        const uint8_t control = pdu[place + 5];
        const uint8_t *fragment = pdu.data() + place + 6;
        const size_t size = length - 2;
        if (size % 2 != 0) return "a fragment of odd length";
        if (control & 1) {
            if (command.size() + size > largestCommand || ++commandFragments > mostCommandFragments) return "a command is too long";
            command.insert(command.end(), fragment, fragment + size);
            if (!commandIsSound()) return "a command is malformed";
            if (control & 2) {
                command.clear();
                commandFragments = 0;
            }
        }
        place += 4 + length;
    }
    return "";
}

/// Elements of group 0000 in implicit VR, none longer than a command may be.
bool PDUGuard::commandIsSound() const {
    for (size_t place = 0; place + 8 <= command.size();) {
        const size_t length = little32(command.data() + place + 4);
        if (command[place] != 0 || command[place + 1] != 0 || length > largestCommand) return false;
        place += 8 + length;
    }
    return true;
}
