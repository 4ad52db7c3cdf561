// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_archive.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace recorte::service {
namespace {

constexpr Micros kSecond = 1'000'000;

/// Where a member's bytes lie; opened when they are sent.
struct Place {
  std::shared_ptr<const batch::Pack> pack;
  std::int64_t offset = 0;
};

class ArchiveSource : public http::Source {
 public:
  ArchiveSource(store::Archive archive, std::vector<Place> places)
      : archive_(std::move(archive)), places_(std::move(places)) {}

  std::int64_t size() const override { return archive_.size(); }

  Result<http::Piece> at(std::int64_t offset) const override {
    auto stretch = archive_.at(offset);
    if (auto* text = std::get_if<std::string>(&stretch)) return http::text_piece(std::move(*text));
    const auto& part = std::get<store::Archive::OfMember>(stretch);
    const auto& place = places_[part.member];
    auto file = place.pack->file();
    if (!file) return fail(std::move(file).error());
    return http::FileRange{std::move(*file), place.offset + part.offset, part.size};
  }

 private:
  store::Archive archive_;
  std::vector<Place> places_;
};

/// Which products there are decides the bytes: none is ever made twice but by a retry.
std::string tag_of(std::string_view kind, const job::Job& job, const job::Tally& tally) {
  return "\"" + job.id.substr(0, 16) + "-" + std::string(kind) + "-" +
         std::to_string(tally.products()) + "-" + std::to_string(tally.bytes) + "-" +
         std::to_string(job.rounds) + "\"";
}

}  // namespace

Result<std::shared_ptr<const http::Source>> archive_of(
    store::ArchiveKind kind, const job::Job& job,
    const std::shared_ptr<const batch::Results>& results) {
  std::vector<store::Member> members;
  std::vector<Place> places;
  for (std::size_t i = 0; i < results->plan().size(); ++i) {
    const auto found = results->product(i);
    if (!found) continue;
    const auto slot = found->pack->slot(found->item);
    if (slot.bytes == 0) continue;
    members.push_back({results->plan().product(i).name, slot.bytes, slot.crc});
    places.push_back({found->pack, slot.offset});
  }
  auto archive = store::Archive::make(kind, std::move(members), job.created / kSecond);
  if (!archive) return fail(std::move(archive).error());
  return std::make_shared<const ArchiveSource>(std::move(*archive), std::move(places));
}

http::Response archive_response(store::ArchiveKind kind, const job::Job& job,
                                const batch::Results& results,
                                std::shared_ptr<const http::Source> archive) {
  http::Response out;
  out.headers.add("ETag",
                  tag_of(kind == store::ArchiveKind::kZip ? "zip" : "tar", job, results.tally()));
  const auto size = archive->size();
  out.body = http::SourceRange{std::move(archive), 0, size};
  return out;
}

}  // namespace recorte::service
