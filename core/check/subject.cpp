// SPDX-License-Identifier: BSD-3-Clause
#include "core/check/subject.hpp"

#include "core/base/io.hpp"
#include "core/cutout/services/services.hpp"
#include "core/fits/mapped_file.hpp"
#include "core/plugin/registry.hpp"

#include <fcntl.h>

#include <algorithm>

namespace recorte::check {

Subject::Subject(std::filesystem::path file, plugin::Manifest manifest, Place place,
                 const Stage& stage)
    : file_(std::move(file)), manifest_(std::move(manifest)), place_(std::move(place)) {
  watch_.stage = [stage](std::string_view what) { stage(what); };
  cutout::offer_services(host_);
  // The host's own handler of SIGBUS is set with the first file that is mapped: before anybody
  // looks.
  const Fd file_to_map(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  fits::MappedFile::map(file_to_map.get(), 1);
}

Result<cutout::Catalogue*> Subject::catalogue() {
  if (!catalogue_) {
    auto registry = plugin::Registry::around(file_, plugin::Registry::default_directories());
    if (!registry) return fail(std::move(registry).error());
    catalogue_ = std::make_unique<cutout::Catalogue>(place_.surveys, *std::move(registry), host_);
  }
  return catalogue_.get();
}

Result<const cutout::Survey*> Subject::survey() {
  auto found = catalogue();
  if (!found) return fail(std::move(found).error());
  return (*found)->survey(place_.id, watch_);
}

Verdict Subject::not_opened(const Error& error) const {
  const bool fault = error.code == ErrorCode::kPlugin || error.code == ErrorCode::kInternal;
  if (place_.given || fault) return not_ok(error.message);
  return skipped("name a survey's file by --survey; without settings it says: " + error.message);
}

Result<const cutout::Algorithm*> Subject::algorithm() {
  auto found = catalogue();
  if (!found) return fail(std::move(found).error());
  auto images = survey();
  if (!images) return fail(std::move(images).error());
  return (*found)->algorithm(manifest_.id, format(), **images, watch_);
}

cutout::Format Subject::format() const {
  const auto& formats = manifest_.formats;
  return std::ranges::find(formats, "fits") != formats.end() ? cutout::Format::kFits
                                                             : cutout::Format::kPng;
}

}  // namespace recorte::check
