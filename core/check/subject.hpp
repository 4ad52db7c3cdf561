/// The plugin that is checked, and what it is checked on: loaded by the real host, in a child.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/check/child.hpp"
#include "core/check/verdict.hpp"
#include "core/cutout/catalogue.hpp"
#include "core/cutout/watch.hpp"
#include "core/plugin/host.hpp"
#include "core/plugin/manifest.hpp"

#include <filesystem>
#include <string>

namespace recorte::check {

struct Place {
  std::filesystem::path surveys;  ///< a directory of survey files
  std::string id;                 ///< the one
  bool given = false;             ///< by the author; else it is made up
};

class Subject {
 public:
  Subject(std::filesystem::path file, plugin::Manifest manifest, Place place, const Stage& stage);

  const std::filesystem::path& file() const { return file_; }
  const plugin::Manifest& manifest() const { return manifest_; }
  const Place& place() const { return place_; }
  const plugin::Host& host() const { return host_; }
  const cutout::Watch& watch() const { return watch_; }
  void stage(std::string_view what) const { watch_.stage(what); }

  /// The survey at the place, opened once.
  Result<const cutout::Survey*> survey();
  /// What it means that it could not be: one that was made up, the plugin may refuse.
  Verdict not_opened(const Error& error) const;
  /// The plugin as an algorithm, opened once, and the first format that it makes.
  Result<const cutout::Algorithm*> algorithm();
  cutout::Format format() const;

 private:
  Result<cutout::Catalogue*> catalogue();

  std::filesystem::path file_;
  plugin::Manifest manifest_;
  Place place_;
  cutout::Watch watch_;
  plugin::Host host_;
  std::unique_ptr<cutout::Catalogue> catalogue_;
};

/// A further instance of a survey or algorithm, closed at the end.
template <class Opened>
class Another {
 public:
  static Result<Another> open(const Subject& subject, const Opened& like) {
    Another out(like);
    auto opened = plugin::call_plugin("a further instance cannot be opened", [&](auto* error) {
      return like.table->open(subject.host().table(), like.config.get(), &out.self_, error);
    });
    if (!opened) return fail(std::move(opened).error());
    out.open_ = true;
    return out;
  }
  Another(Another&& other) noexcept
      : like_(other.like_), self_(other.self_), open_(std::exchange(other.open_, false)) {}
  Another& operator=(Another&&) = delete;
  ~Another() {
    if (open_) like_->table->close(self_);
  }
  void* self() const { return self_; }

 private:
  explicit Another(const Opened& like) : like_(&like) {}
  const Opened* like_;
  void* self_ = nullptr;
  bool open_ = false;
};

}  // namespace recorte::check
