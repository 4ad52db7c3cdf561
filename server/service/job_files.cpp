// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_files.hpp"

#include "core/base/text.hpp"
#include "core/batch/crew.hpp"
#include "server/service/job_archive.hpp"
#include "server/service/product_response.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace recorte::service {
namespace {

constexpr std::array kFiles{
    JobFile{"manifest.csv", "text/csv"},
    JobFile{"manifest.vot", "application/x-votable+xml"},
    JobFile{"manifest.json", "application/json"},
    JobFile{"manifest.fits", "application/fits"},
    JobFile{"products.zip", "application/zip"},
    JobFile{"products.tar", "application/x-tar"},
};

/// So much of a job's id is in the names of files: enough to tell one's jobs apart, too little to
/// find the job.
constexpr std::size_t kIdInNames = 8;

constexpr std::size_t kIdInTags = 16;
/// An archive of so many products is made while somebody waits for its size.
constexpr std::size_t kMeasured = 1'000;

store::ArchiveKind archive_kind(std::string_view ending) {
  return ending == "zip" ? store::ArchiveKind::kZip : store::ArchiveKind::kTar;
}

std::string hex(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto byte : bytes) {
    out += digits[std::to_integer<std::size_t>(byte >> 4)];
    out += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return out;
}

/// RFC 6266: a plain name for all, and the name as it is where that differs.
std::string disposition(std::string_view kind, std::string_view name) {
  const auto plain = safe_name(name);
  std::string out = std::string(kind) + "; filename=\"" + plain + "\"";
  if (plain != name) {
    out += "; filename*=UTF-8''";
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : name) {
      const auto byte = static_cast<unsigned char>(c);
      if (safe_name({&c, 1}) == std::string_view(&c, 1) && c != '+') {
        out += c;
      } else {
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
      }
    }
  }
  return out;
}

/// Threads that read packs for manifests: that of a long one as FITS takes a second before its
/// first piece, for which those who send must not wait.
batch::Crew& readers() {
  static batch::Crew crew(2);
  return crew;
}

/// The manifest as the client takes it, piece by piece.
class ManifestStream : public http::Stream {
 public:
  ManifestStream(batch::ManifestForm form, const job::Job& job,
                 std::shared_ptr<const batch::Results> results)
      : state_(std::make_shared<Reading>(form, job, std::move(results))) {}

  Result<State> next(http::Piece& piece, const std::function<void()>& wake) override {
    std::unique_lock lock(state_->mutex);
    if (!state_->text) {
      if (!std::exchange(state_->reading, true))
        readers().post([state = state_, wake] { state->read(wake); });
      return State::kLater;
    }
    auto text = *std::exchange(state_->text, std::nullopt);
    if (!text) return fail(std::move(text).error());
    if (text->empty()) return State::kEnd;
    piece = http::text_piece(std::move(*text));
    return State::kPiece;
  }

 private:
  /// What outlives a client that leaves while it is read.
  struct Reading {
    Reading(batch::ManifestForm form, const job::Job& job,
            std::shared_ptr<const batch::Results> results)
        : reader(form, job, std::move(results)) {}

    void read(const std::function<void()>& wake) {
      auto more = reader.next();
      {
        const std::lock_guard lock(mutex);
        text = std::move(more);
        reading = false;
      }
      wake();
    }

    batch::ManifestReader reader;  ///< of the thread that reads
    std::mutex mutex;
    bool reading = false;
    std::optional<Result<std::string>> text;  ///< read, and not yet taken
  };
  std::shared_ptr<Reading> state_;
};

}  // namespace

std::span<const JobFile> job_files() { return kFiles; }

Result<std::size_t> product_number(std::string_view text, const batch::Results& results) {
  const auto number = to_int(text);
  const auto size = static_cast<std::int64_t>(results.plan().size());
  if (!number || *number < 1 || *number > size)
    return fail(ErrorCode::kNotFound, "this job has no result '" + std::string(text.substr(0, 60)) +
                                          "'; its products are 1 to " + std::to_string(size));
  return static_cast<std::size_t>(*number - 1);
}

Result<http::Response> product_file(const batch::Results& results, std::size_t product) {
  const auto found = results.product(product);
  if (!found && results.missing().empty())
    return fail(ErrorCode::kNotFound,
                "product " + std::to_string(product + 1) + " is not made yet; ask again later");
  if (!found)
    return fail(ErrorCode::kNotFound,
                "product " + std::to_string(product + 1) +
                    " is not made yet, or lost: " + std::to_string(results.missing().size()) +
                    " files of this job's results are missing or broken; run the job again for "
                    "what they held");
  const auto outcome = found->pack->outcome(found->item);
  if (!outcome) return fail(outcome.error());
  if (outcome->error) return fail(*outcome->error);

  auto file = found->pack->file();
  if (!file) return fail(std::move(file).error());
  const auto slot = found->pack->slot(found->item);
  const auto name = results.plan().product(product).name;
  http::Response out;
  out.headers.add("Content-Type", media_type_of(outcome->format));
  out.headers.add("Content-Disposition",
                  disposition(cutout::is_picture(outcome->format) ? "inline" : "attachment",
                              std::string_view(name).substr(name.rfind('/') + 1)));
  out.headers.add("ETag", "\"" + hex(slot.sha256) + "\"");
  // Only a retry makes another, which its tag tells.
  out.headers.add("Cache-Control", "no-cache");
  add_warnings(outcome->warnings, out.headers);
  out.body = std::vector<http::Piece>{http::FileRange{std::move(*file), slot.offset, slot.bytes}};
  return out;
}

Result<http::Response> job_file(Jobs& jobs, std::string_view name, const job::Job& job,
                                std::shared_ptr<const batch::Results> results) {
  const auto* file = std::ranges::find(kFiles, name, &JobFile::name);
  if (file == kFiles.end())
    return fail(ErrorCode::kNotFound,
                "a job has no file '" + std::string(name.substr(0, 60)) +
                    "'; it has manifest.csv, .vot, .json and .fits, products.zip and products.tar");
  const auto ending = name.substr(name.rfind('.') + 1);
  const auto form = batch::manifest_form(ending);
  http::Response out;
  if (form) {
    out.headers.add("Content-Type", std::string(batch::media_type(*form)));
    // What is missing may be there again, and the job is the same.
    if (job::has_ended(job.phase) && results->missing().empty())
      out.headers.add("ETag", "\"" + job.id.substr(0, kIdInTags) + "-" + std::string(ending) + "-" +
                                  std::to_string(job.version) + "\"");
    out.body = std::make_unique<ManifestStream>(*form, job, std::move(results));
  } else {
    const auto kind = archive_kind(ending);
    auto archive = jobs.archive(kind, job, results);
    if (!archive) return fail(std::move(archive).error());
    out = archive_response(kind, job, *results, std::move(*archive));
    out.headers.add("Content-Type", std::string(file->media_type));
  }
  out.headers.add("Content-Disposition",
                  disposition(form == batch::ManifestForm::kJson ? "inline" : "attachment",
                              job.id.substr(0, kIdInNames) + "-" + std::string(name)));
  out.headers.add("Cache-Control", "no-cache");
  return out;
}

std::int64_t job_file_size(Jobs& jobs, std::string_view name, const job::Job& job,
                           const std::shared_ptr<const batch::Results>& results) {
  const auto ending = name.substr(name.rfind('.') + 1);
  if (batch::manifest_form(ending) || results->plan().size() > kMeasured) return -1;
  const auto archive = jobs.archive(archive_kind(ending), job, results);
  return archive ? (*archive)->size() : -1;
}

}  // namespace recorte::service
