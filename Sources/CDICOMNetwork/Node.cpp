#include "Node.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmnet/assoc.h>

#include <dirent.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "Association.h"

using namespace network;

namespace {
constexpr char fileNameStart[] = "incoming-";
}

bool Node::start(CDICOMNetworkProblem *problem) {
    removeLeftovers();
    for (auto &listener : options.listeners) {
        std::string reason;
        const int socket = listenAt(listener.address, listener.port, reason);
        if (socket < 0)
            return fail(
                problem, CDICOMNetworkProblemCannotListen, listener.address + " port " + std::to_string(listener.port) + ": " + reason);
        sockets.push_back(socket);
    }
    waker = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (waker < 0) return fail(problem, CDICOMNetworkProblemCannotListen, "no more open files");
    accepting = std::thread([this] { accept(); });
    return true;
}

Node::~Node() {
    for (const int socket : sockets) ::close(socket);
    if (waker >= 0) ::close(waker);
}

void Node::removeLeftovers() {
    DIR *const folder = ::opendir(options.folder.c_str());
    if (!folder) return;
    while (const dirent *entry = ::readdir(folder)) {
        const std::string name = entry->d_name;
        if (name.compare(0, sizeof fileNameStart - 1, fileNameStart) != 0 || name.size() < 5 ||
            name.compare(name.size() - 5, 5, ".part") != 0)
            continue;
        const long process = std::strtol(name.c_str() + sizeof fileNameStart - 1, nullptr, 10);
        const std::string path = options.folder + "/" + name;
        struct stat status;
        if (process <= 0 || ::lstat(path.c_str(), &status) != 0) continue;
        // In a container every start has the same process id; what another node of this process receives now is not old.
        const bool isOurs = process == ::getpid() && status.st_mtime > ::time(nullptr) - 3600;
        const bool isAnothers = process != ::getpid() && ::kill(static_cast<pid_t>(process), 0) == 0;
        if (!isOurs && !isAnothers) ::unlink(path.c_str());
    }
    ::closedir(folder);
}

std::string Node::freshPath() {
    // A name of our own: the UIDs of the command are the peer's text. The time makes it new after a restart, too.
    timespec time;
    ::clock_gettime(CLOCK_REALTIME, &time);
    return options.folder + "/" + fileNameStart + std::to_string(::getpid()) + "-" + std::to_string(time.tv_sec) + "-" +
           std::to_string(++files) + ".part";
}

bool Node::enter(Link &link, Link::State state) {
    std::lock_guard<std::mutex> lock(mutex);
    link.state = state;
    return !isStopping || state == Link::State::busy;
}

void Node::accept() {
    std::vector<pollfd> wanted;
    for (const int socket : sockets) wanted.push_back({socket, POLLIN, 0});
    wanted.push_back({waker, POLLIN, 0});
    for (;;) {
        const int found = ::poll(wanted.data(), wanted.size(), 250);
        {
            std::lock_guard<std::mutex> lock(mutex);
            if (isStopping) return;
        }
        if (found > 0)
            for (size_t i = 0; i < sockets.size(); ++i)
                if (wanted[i].revents) take(i);
        sweep();
    }
}

void Node::take(size_t listener) {
    sockaddr_storage from = {};
    socklen_t size = sizeof from;
    const int socket = ::accept4(sockets[listener], reinterpret_cast<sockaddr *>(&from), &size, SOCK_CLOEXEC);
    if (socket < 0) {
        // Out of open files: what waits stays readable, and would be asked for again at once.
        if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) ::usleep(50000);
        return;
    }
    ++counts.connections;
    auto link = std::make_unique<Link>();
    link->socket = socket;
    link->hold = std::make_shared<SocketHold>(socket);
    link->listener = &options.listeners[listener];
    link->accepted = now();
    Address::read(from, link->address);
    std::lock_guard<std::mutex> lock(mutex);
    size_t opening = 0;
    Link *oldest = nullptr;
    for (auto &other : links) {
        if (other->isDone || other->state != Link::State::opening || other->hold->isEnding) continue;
        ++opening;
        if (!oldest || other->accepted < oldest->accepted) oldest = other.get();
    }
    if (opening >= options.openingLimit && oldest) endSilent(*oldest);
    try {
        Link *const raw = link.get();
        ++counts.openConnections;
        links.push_back(std::move(link));
        raw->thread = std::thread([this, raw] {
            Association(*this, *raw).serve();
            --counts.openConnections;
            std::lock_guard<std::mutex> ending(mutex);
            raw->isDone = true;
        });
    } catch (const std::exception &) {  // no more threads
        --counts.openConnections;
        if (!links.empty() && !links.back()->thread.joinable()) links.pop_back();
        ::close(socket);
    }
}

void Node::endSilent(Link &link) {
    link.hold->failed(SocketHold::Failure::silent, "it asked for no association in time");
    link.hold->end();
}

void Node::sweep() {
    std::list<std::unique_ptr<Link>> done;
    {
        std::lock_guard<std::mutex> lock(mutex);
        const int64_t latest = now() - 1000 * static_cast<int64_t>(options.openingPatience);
        for (auto link = links.begin(); link != links.end();) {
            const auto next = std::next(link);
            if ((*link)->isDone)
                done.splice(done.end(), links, link);
            else if ((*link)->state == Link::State::opening && (*link)->accepted < latest && !(*link)->hold->isEnding)
                endSilent(**link);
            link = next;
        }
    }
    for (auto &link : done) link->thread.join();
}

void Node::stop(uint32_t grace) {
    {
        std::lock_guard<std::mutex> lock(mutex);
        isStopping = true;
    }
    const uint64_t one = 1;
    if (::write(waker, &one, sizeof one) < 0) {
    }  // else it looks within 250 ms
    if (accepting.joinable()) accepting.join();
    for (const int socket : sockets) ::close(socket);
    sockets.clear();
    const int64_t deadline = now() + 1000 * static_cast<int64_t>(grace);
    for (;;) {
        {
            std::lock_guard<std::mutex> lock(mutex);
            bool isEmpty = true;
            for (auto &link : links) {
                if (link->isDone) continue;
                isEmpty = false;
                if (now() >= deadline)
                    link->hold->end();
                else if (link->state != Link::State::busy && !link->hold->isEnding)
                    link->hold->endReading();
            }
            if (isEmpty) break;
        }
        ::usleep(5000);
    }
    for (auto &link : links) link->thread.join();
    links.clear();
}
