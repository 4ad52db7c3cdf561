// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/front/destination.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/store/gather.hpp"
#include "core/store/output_file.hpp"
#include "core/store/tar.hpp"
#include "core/store/zip.hpp"

#include <unistd.h>

#include <mutex>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

std::int64_t now_seconds() { return now_micros() / 1'000'000; }

fs::path parent_of(const std::string& output) { return fs::absolute(output).parent_path(); }

Status write_whole(const fs::path& path, const store::Content& content) {
  auto file = store::OutputFile::open(path);
  if (!file) return fail(std::move(file).error());
  store::Gather out(file->descriptor());
  auto written = out.add(content);
  if (written) written = out.flush();
  if (!written) return fail(written.error().code, path.string() + ": " + written.error().message);
  return file->publish();
}

/// Threads write their files side by side.
class Directory : public Destination {
 public:
  explicit Directory(const fs::path& path) : Destination(path) {}
  Status add(std::span<Delivery> rows) override {
    for (const auto& row : rows)
      for (const auto& file : row.files)
        RECORTE_TRY(write_whole(directory() / file.name, file.content));
    return {};
  }
  Status finish(const std::string& name, const store::Content& manifest) override {
    return write_whole(directory() / name, manifest);
  }
};

/// Writer: store::TarWriter or store::ZipWriter.
template <class Writer>
class Archive : public Destination {
 public:
  /// Without a file: standard output.
  Archive(fs::path directory, std::string name, std::optional<store::OutputFile> file)
      : Destination(std::move(directory)),
        name_(std::move(name)),
        file_(std::move(file)),
        writer_(file_ ? file_->descriptor() : STDOUT_FILENO, now_seconds()) {}
  Status add(std::span<Delivery> rows) override {
    std::vector<store::Entry> entries;
    for (auto& row : rows)
      for (auto& file : row.files) entries.push_back(file);
    const std::lock_guard lock(mutex_);
    return named(writer_.add(entries));
  }
  Status finish(const std::string& name, const store::Content& manifest) override {
    RECORTE_TRY(named(writer_.add(name, manifest)));
    RECORTE_TRY(named(writer_.finish()));
    return file_ ? file_->publish() : Status();
  }

 private:
  /// An error that says of which file it is.
  Status named(Status status) const {
    return std::move(status).map_error([this](const Error& error) {
      return Error{error.code, name_ + ": " + error.message};
    });
  }
  std::string name_;
  std::optional<store::OutputFile> file_;
  std::mutex mutex_;
  Writer writer_;
};

class Shards : public Destination {
 public:
  Shards(const std::string& output, std::unique_ptr<store::ShardWriter> writer)
      : Destination(parent_of(output)), output_(output), writer_(std::move(writer)) {}
  Status add(std::span<Delivery> rows) override {
    const std::lock_guard lock(mutex_);
    for (auto& row : rows) {
      const auto where = "row " + std::to_string(row.row + 1) + " (" + row.id + ")";
      auto place = writer_->add({row.id, where, row.ra, row.dec, row.files.at(0).content});
      if (!place) return fail(std::move(place).error());
      row.place = *place;
    }
    return {};
  }
  Result<std::vector<fs::path>> close() override { return writer_->finish(); }
  Status finish(const std::string&, const store::Content& manifest) override {
    return write_whole(fs::path(output_).replace_extension(".csv"), manifest);
  }

 private:
  std::string output_;
  std::mutex mutex_;
  std::unique_ptr<store::ShardWriter> writer_;
};

}  // namespace

Result<Container> container_of(const std::string& output) {
  if (output == "-") return Container::kTar;
  std::error_code error;
  if (fs::is_directory(output, error)) return Container::kDirectory;
  const auto ending = lower(fs::path(output).extension().string());
  if (ending.empty()) return Container::kDirectory;
  if (ending == ".tar") return Container::kTar;
  if (ending == ".zip") return Container::kZip;
  if (ending == ".h5" || ending == ".hdf5") return Container::kShards;
  return fail(ErrorCode::kUsage, output +
                                     " is neither a .tar, a .zip, a .h5 nor a directory; products "
                                     "of a list go to one of these");
}

Result<std::unique_ptr<Destination>> Destination::open(const std::string& output,
                                                       const store::ShardOptions& shards) {
  const auto container = container_of(output);
  if (!container) return fail(container.error());
  if (*container == Container::kDirectory) {
    std::error_code error;
    fs::create_directories(output, error);
    if (error)
      return fail(ErrorCode::kUnavailable,
                  "cannot make the directory " + output + ": " + error.message());
    return std::make_unique<Directory>(output);
  }
  if (*container == Container::kShards) {
    auto writer = store::open_shards(shards);
    if (!writer) return fail(std::move(writer).error());
    return std::make_unique<Shards>(output, std::move(*writer));
  }
  if (output == "-")
    return std::make_unique<Archive<store::TarWriter>>(fs::temp_directory_path(), "standard output",
                                                       std::nullopt);
  auto file = store::OutputFile::open(output);
  if (!file) return fail(std::move(file).error());
  if (*container == Container::kZip)
    return std::make_unique<Archive<store::ZipWriter>>(parent_of(output), output, std::move(*file));
  return std::make_unique<Archive<store::TarWriter>>(parent_of(output), output, std::move(*file));
}

}  // namespace recorte::command
