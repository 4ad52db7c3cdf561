// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/archive.hpp"

#include "core/store/tar_head.hpp"
#include "core/store/zip_head.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace recorte::store {
namespace {

/// Of a central directory, made at once.
constexpr std::size_t kPiece = 64 << 10;

/// The last of some places, in order, that is not behind `offset`.
std::size_t last_before(const std::vector<std::int64_t>& places, std::int64_t offset) {
  const auto after = std::upper_bound(places.begin(), places.end(), offset);
  return static_cast<std::size_t>(after - places.begin()) - 1;
}

zip::EntryFacts facts(const Member& member, std::uint32_t time) {
  return {member.name, member.size, member.crc, time};
}

}  // namespace

Result<Archive> Archive::make(ArchiveKind kind, std::vector<Member> members, std::int64_t time) {
  const bool is_zip = kind == ArchiveKind::kZip;
  Archive out;
  out.kind_ = kind;
  out.time_ = is_zip ? zip::dos_time(time) : time;
  out.members_ = std::move(members);
  std::int64_t at = 0;
  for (std::size_t i = 0; i < out.members_.size(); ++i) {
    const auto& member = out.members_[i];
    if (is_zip) RECORTE_TRY(zip::check_name(member.name));
    out.begins_.push_back(at);
    at += out.head_size(i) + member.size + (is_zip ? 0 : tar::padding(member.size));
  }
  out.begins_.push_back(at);
  if (!is_zip) {
    out.size_ = at + tar::kEnd;
    return out;
  }
  for (std::size_t i = 0; i < out.members_.size(); ++i) {
    out.entries_.push_back(at);
    at += zip::central_head_size(facts(out.members_[i], 0), out.begins_[i]);
  }
  out.entries_.push_back(at);
  const auto begin = out.begins_.back();
  out.size_ = at + std::ssize(zip::end_records(out.members_.size(), begin, at - begin));
  return out;
}

std::int64_t Archive::size() const { return size_; }

std::string Archive::head(std::size_t member) const {
  const auto& m = members_[member];
  if (kind_ == ArchiveKind::kTar) return tar::head(m.name, m.size, time_);
  return zip::local_head(facts(m, static_cast<std::uint32_t>(time_)));
}

std::int64_t Archive::head_size(std::size_t member) const {
  const auto& m = members_[member];
  return kind_ == ArchiveKind::kTar ? tar::head_size(m.name, m.size)
                                    : zip::local_head_size(facts(m, 0));
}

/// What comes behind the last member.
std::string Archive::ending(std::int64_t offset) const {
  if (kind_ == ArchiveKind::kTar)
    return std::string(static_cast<std::size_t>(size_ - offset), '\0');
  auto entry = last_before(entries_, offset);
  const auto skipped = static_cast<std::size_t>(offset - entries_[entry]);
  std::string out;
  for (; entry < members_.size() && out.size() < kPiece; ++entry)
    out += zip::central_head(facts(members_[entry], static_cast<std::uint32_t>(time_)),
                             begins_[entry]);
  if (entry == members_.size() && out.size() < kPiece)
    out += zip::end_records(members_.size(), begins_.back(), entries_.back() - begins_.back());
  return out.substr(skipped);
}

Archive::Stretch Archive::at(std::int64_t offset) const {
  if (offset >= begins_.back()) return ending(offset);
  const auto member = last_before(begins_, offset);
  auto within = offset - begins_[member];
  const auto head_bytes = head_size(member);
  if (within < head_bytes) return head(member).substr(static_cast<std::size_t>(within));
  within -= head_bytes;
  const auto size = members_[member].size;
  if (within < size) return OfMember{member, within, size - within};
  return std::string(static_cast<std::size_t>(begins_[member + 1] - offset), '\0');
}

}  // namespace recorte::store
