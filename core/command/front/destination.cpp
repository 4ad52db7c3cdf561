// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/front/destination.hpp"

#include "core/base/time.hpp"

#include <unistd.h>

namespace recorte::command {

namespace fs = std::filesystem;

Result<Destination> Destination::open(const std::string& output) {
  Destination out;
  if (output != "-" && !output.ends_with(".tar")) {
    std::error_code error;
    if (fs::path(output).has_extension() && !fs::is_directory(output, error))
      return fail(
          ErrorCode::kUsage,
          output + " is neither a .tar nor a directory; products of a list go to one of these");
    fs::create_directories(output, error);
    if (error)
      return fail(ErrorCode::kUnavailable,
                  "cannot make the directory " + output + ": " + error.message());
    out.directory_ = output;
    return out;
  }
  int descriptor = STDOUT_FILENO;
  if (output == "-") {
    out.directory_ = fs::temp_directory_path();
  } else {
    auto file = store::OutputFile::open(output);
    if (!file) return fail(std::move(file).error());
    out.file_ = std::move(*file);
    descriptor = out.file_->descriptor();
    out.directory_ = fs::absolute(output).parent_path();
  }
  out.tar_.emplace(descriptor, now_micros() / 1'000'000);
  return out;
}

Status Destination::add(const std::string& name, int source, std::int64_t offset,
                        std::int64_t size) {
  if (tar_) return tar_->add(name, source, offset, size);
  auto file = store::OutputFile::open(directory_ / name);
  if (!file) return fail(std::move(file).error());
  RECORTE_TRY(copy_range(source, offset, size, file->descriptor()));
  return file->publish();
}

Status Destination::finish(const std::string& manifest) {
  if (!tar_) return write_file(directory_ / "manifest.csv", manifest);
  RECORTE_TRY(tar_->add("manifest.csv", manifest));
  RECORTE_TRY(tar_->finish());
  return file_ ? file_->publish() : Status();
}

}  // namespace recorte::command
