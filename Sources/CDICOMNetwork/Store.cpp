// C-STORE as its user: objects go out as they are stored, bit for bit, where the peer takes that.
// Not DCMTK's DcmStorageSCU: it encodes each dataset anew, takes files only, and stops where one association ends.

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "Call.h"
#include "StoredFile.h"

using namespace network;

namespace {

class Sender {
public:
    Sender(
        const CDICOMDestination &destination, const CDICOMObjectToStore *objects, const CDICOMStoreCallbacks &callbacks,
        CDICOMNetworkProblem *problem)
        : objects(objects), callbacks(callbacks), problem(problem), call(destination, problem) {}

    bool send(size_t count) {
        std::vector<StoredObject> left;
        for (size_t i = 0; i < count; ++i) plan(i, left);
        while (!left.empty()) {
            std::vector<Call::Context> contexts;
            std::vector<StoredObject> now, later;
            divide(left, contexts, now, later);
            if (!call.open(contexts)) {
                now.insert(now.end(), later.begin(), later.end());
                for (auto &object : now) notSent(object, problem->kind, problem->text);
                return false;
            }
            for (size_t i = 0; i < now.size(); ++i) {
                if (send(now[i])) continue;
                for (size_t j = i + 1; j < now.size(); ++j) notSent(now[j], problem->kind, problem->text);
                for (auto &object : later) notSent(object, problem->kind, problem->text);
                return false;
            }
            call.close();
            left = std::move(later);
        }
        return true;
    }

private:
    const CDICOMObjectToStore *objects;
    const CDICOMStoreCallbacks &callbacks;
    CDICOMNetworkProblem *problem;
    Call call;

    void tell(
        const StoredObject &object, int32_t kind, uint16_t status, const std::string &sentSyntax, int32_t cause,
        const std::string &reason) {
        const CDICOMStoreOutcome outcome = {
            object.index,       kind,  status,        object.classUID.c_str(), object.instanceUID.c_str(), object.syntax.c_str(),
            sentSyntax.c_str(), cause, reason.c_str()};
        callbacks.told(callbacks.context, &outcome);
    }
    void notSent(const StoredObject &object, int32_t cause, const std::string &reason) {
        tell(object, CDICOMStoreNotSent, 0xFFFF, "", cause, reason);
    }

    void plan(size_t index, std::vector<StoredObject> &planned) {
        StoredObject object;
        object.index = index;
        size_t offset = 0;
        std::string reason;
        if (objects[index].path) {
            std::vector<uint8_t> head;
            reason = readFile(objects[index].path, 0x20000, head);
            if (reason.empty()) reason = readHead(head.data(), head.size(), object, offset);
        } else
            reason = readHead(static_cast<const uint8_t *>(objects[index].bytes), objects[index].count, object, offset);
        if (reason.empty())
            planned.push_back(object);
        else
            notSent(object, CDICOMNetworkProblemNone, reason);
    }

    /// As many objects, in their order, as 128 contexts hold. Each context has one transfer syntax: so we hear whether the peer takes an
    /// object as it is stored.
    void divide(
        const std::vector<StoredObject> &all, std::vector<Call::Context> &contexts, std::vector<StoredObject> &now,
        std::vector<StoredObject> &later) {
        std::set<std::pair<std::string, std::string>> proposed;
        for (auto &object : all) {
            std::set<std::pair<std::string, std::string>> needed;
            for (auto &syntax : plainSyntaxes()) needed.insert({object.classUID, syntax});
            needed.insert({object.classUID, object.syntax});
            for (auto one = needed.begin(); one != needed.end();) one = proposed.count(*one) ? needed.erase(one) : std::next(one);
            if (proposed.size() + needed.size() > 128) {
                later.push_back(object);
                continue;
            }
            now.push_back(object);
            proposed.insert(needed.begin(), needed.end());
            for (auto &one : needed) contexts.push_back({one.first, {one.second}});
        }
    }

    /// False where the association is lost.
    bool send(const StoredObject &object) {
        if (call.isCancelled()) {
            notSent(object, CDICOMNetworkProblemCancelled, "cancelled");
            call.close();
            return fail(problem, CDICOMNetworkProblemCancelled, "cancelled");
        }
        std::vector<uint8_t> file;
        const uint8_t *bytes = static_cast<const uint8_t *>(objects[object.index].bytes);
        size_t count = objects[object.index].count;
        if (objects[object.index].path) {
            const std::string reason = readFile(objects[object.index].path, SIZE_MAX, file);
            if (!reason.empty()) return notSent(object, CDICOMNetworkProblemNone, reason), true;
            bytes = file.data();
            count = file.size();
        }
        StoredObject found;
        size_t offset = 0;
        const std::string reason = readHead(bytes, count, found, offset);
        if (!reason.empty() || found.instanceUID != object.instanceUID || found.syntax != object.syntax)
            return notSent(object, CDICOMNetworkProblemNone, reason.empty() ? "the file was changed meanwhile" : reason), true;
        if (const auto context = call.context(object.classUID, object.syntax))
            return exchange(object, context, object.syntax, bytes + offset, count - offset, nullptr);
        return sendOtherwise(object, bytes, count);
    }

    /// Uncompressed, by DCMTK's decoders or the caller's.
    bool sendOtherwise(const StoredObject &object, const uint8_t *bytes, size_t count) {
        std::string syntax;
        const auto context = call.context(object.classUID, &syntax);
        if (!context) {
            notSent(
                object, CDICOMNetworkProblemNotAccepted,
                "the peer does not take objects of this class in any transfer syntax that we have");
            return true;
        }
        DcmFileFormat format;
        DcmInputBufferStream stream;
        stream.setBuffer(const_cast<uint8_t *>(bytes), static_cast<offile_off_t>(count));
        stream.setEos();
        format.transferInit();
        const OFCondition condition = format.read(stream, EXS_Unknown, EGL_noChange);
        format.transferEnd();
        const E_TransferSyntax target = DcmXfer(syntax.c_str()).getXfer();
        if (condition.good() && format.getDataset()->chooseRepresentation(target, nullptr).good() &&
            format.getDataset()->canWriteXfer(target))
            return exchange(object, context, syntax, nullptr, 0, format.getDataset());
        uint8_t *encoded = nullptr;
        size_t size = 0;
        if (callbacks.transcode && callbacks.transcode(callbacks.context, object.index, syntax.c_str(), &encoded, &size) && encoded) {
            std::unique_ptr<uint8_t, decltype(&std::free)> owner(encoded, &std::free);
            StoredObject found;
            size_t offset = 0;
            if (readHead(encoded, size, found, offset).empty() && found.syntax == syntax && found.instanceUID == object.instanceUID)
                return exchange(object, context, syntax, encoded + offset, size - offset, nullptr);
        }
        notSent(
            object, CDICOMNetworkProblemNone,
            std::string("the peer does not take ") + DcmXfer(object.syntax.c_str()).getXferName() + ", and nothing here decodes it");
        return true;
    }

    bool exchange(
        const StoredObject &object, T_ASC_PresentationContextID context, const std::string &syntax, const uint8_t *bytes, size_t count,
        DcmDataset *dataset) {
        // PS3.8 Annex F: a dataset's length is even; a file of odd length has lost its last byte.
        if (bytes && count % 2 != 0) return notSent(object, CDICOMNetworkProblemNone, "it is cut off"), true;
        T_DIMSE_Message message = emptyMessage(DIMSE_C_STORE_RQ);
        auto &request = message.msg.CStoreRQ;
        request.MessageID = call.freshMessageID();
        request.DataSetType = DIMSE_DATASET_PRESENT;
        request.Priority = DIMSE_PRIORITY_MEDIUM;
        copyUID(request.AffectedSOPClassUID, object.classUID);
        copyUID(request.AffectedSOPInstanceUID, object.instanceUID);
        OFCondition condition;
        if (dataset)
            condition = call.send(context, message, dataset);
        else {
            condition = sendCommandAlone(context, message);
            if (condition.good()) condition = sendBytes(call.association, context, bytes, count, [&] { return !call.isCancelled(); });
        }
        T_DIMSE_Message reply;
        T_ASC_PresentationContextID from = 0;
        if (condition.good()) condition = call.receive(reply, from);
        if (condition.good() &&
            (reply.CommandField != DIMSE_C_STORE_RSP || reply.msg.CStoreRSP.MessageIDBeingRespondedTo != request.MessageID))
            condition = unexpectedMessage();
        if (condition.bad()) {
            call.lost("C-STORE", condition);
            notSent(object, problem->kind, problem->text);
            return false;
        }
        const uint16_t status = reply.msg.CStoreRSP.DimseStatus;
        const bool isWarning = (status & 0xF000) == 0xB000 || status == 0x0001 || status == 0x0107 || status == 0x0116;
        tell(
            object,
            status == 0 ? CDICOMStoreStored
            : isWarning ? CDICOMStoreWarning
                        : CDICOMStoreRefused,
            status, syntax, CDICOMNetworkProblemNone, status == 0 ? "" : statusWords(status));
        return true;
    }

    /// The command says that a dataset follows; DCMTK would not send one without it. So its fragment is made here.
    OFCondition sendCommandAlone(T_ASC_PresentationContextID context, T_DIMSE_Message &message) {
        const auto &request = message.msg.CStoreRQ;
        DcmDataset command;
        command.putAndInsertUint32(DCM_CommandGroupLength, 0);
        command.putAndInsertString(DCM_AffectedSOPClassUID, request.AffectedSOPClassUID);
        command.putAndInsertUint16(DCM_CommandField, 0x0001);
        command.putAndInsertUint16(DCM_MessageID, request.MessageID);
        command.putAndInsertUint16(DCM_Priority, static_cast<Uint16>(request.Priority));
        command.putAndInsertUint16(DCM_CommandDataSetType, 0x0001);
        command.putAndInsertString(DCM_AffectedSOPInstanceUID, request.AffectedSOPInstanceUID);
        command.computeGroupLengthAndPadding(EGL_recalcGL, EPD_noChange, EXS_LittleEndianImplicit, EET_ExplicitLength);
        uint8_t buffer[1024];
        DcmOutputBufferStream stream(buffer, sizeof buffer);
        command.transferInit();
        OFCondition condition = command.write(stream, EXS_LittleEndianImplicit, EET_ExplicitLength, nullptr, EGL_recalcGL);
        command.transferEnd();
        if (condition.bad()) return condition;
        void *bytes = nullptr;
        offile_off_t size = 0;
        stream.flushBuffer(bytes, size);
        DUL_PDV fragment;
        std::memset(&fragment, 0, sizeof fragment);
        fragment.fragmentLength = static_cast<unsigned long>(size);
        fragment.presentationContextID = context;
        fragment.pdvType = DUL_COMMANDPDV;
        fragment.lastPDV = OFTrue;
        fragment.data = bytes;
        DUL_PDVLIST list;
        std::memset(&list, 0, sizeof list);
        list.count = 1;
        list.pdv = &fragment;
        return DUL_WritePDVs(&call.association->DULassociation, &list);
    }
};

}  // namespace

bool CDICOMStore(
    const CDICOMDestination *destination, const CDICOMObjectToStore *objects, size_t count, const CDICOMStoreCallbacks *callbacks,
    CDICOMNetworkProblem *problem) {
    return guarded(problem, [&] { return Sender(*destination, objects, *callbacks, problem).send(count); });
}
