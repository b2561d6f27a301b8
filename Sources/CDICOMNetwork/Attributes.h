#pragma once
#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>

#include <string>
#include <vector>

namespace network {

/// A dataset as a flat list: paths of keywords, values in UTF-8.
struct Attributes {
    std::vector<std::string> names, values;

    /// `fallback`: the character set of an answer that names none and is not UTF-8.
    void read(DcmItem &dataset, const std::string &fallback);

private:
    void add(DcmItem &item, const std::string &prefix, const std::string &characterSet, const std::string &fallback, int depth);
};

/// A value of Specific Character Set (0008,0005) as PS3.3 C.12.1.1.2 writes it: misspelt terms put right, doubled ones left out. Empty
/// where none is named.
std::string normalisedCharacterSet(const std::string &text);
/// Bytes of a peer's in UTF-8.
std::string unicode(const std::string &bytes, const std::string &characterSet, const std::string &fallback, bool isPersonName);

}  // namespace network
