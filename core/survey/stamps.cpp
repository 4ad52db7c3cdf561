// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/stamps.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"

#include <cstring>
#include <type_traits>

namespace recorte::survey {
namespace {

constexpr std::string_view kMagic = "RECORTE STAMPS 1\n";

class Writer {
 public:
  template <class T>
  requires std::is_arithmetic_v<T>
  void operator()(const T& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void operator()(const std::string& text) {
    (*this)(static_cast<std::uint32_t>(text.size()));
    bytes += text;
  }
  void operator()(const sky::Vector& v) {
    for (const double x : v) (*this)(x);
  }
  template <class T>
  void operator()(const std::vector<T>& list) {
    (*this)(static_cast<std::uint32_t>(list.size()));
    for (const auto& item : list) fields(*this, item);
  }
  std::string bytes;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  requires std::is_arithmetic_v<T>
  void operator()(T& value) {
    if (bytes_.size() < sizeof value) {
      good = false;
      bytes_ = {};
      return;
    }
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
  }
  void operator()(std::string& text) {
    std::uint32_t size = 0;
    (*this)(size);
    if (bytes_.size() < size) {
      good = false;
      return;
    }
    text = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
  }
  void operator()(sky::Vector& v) {
    for (double& x : v) (*this)(x);
  }
  template <class T>
  void operator()(std::vector<T>& list) {
    std::uint32_t size = 0;
    (*this)(size);
    for (std::uint32_t i = 0; good && i < size; ++i) fields(*this, list.emplace_back());
  }
  bool empty() const { return bytes_.empty(); }
  bool good = true;

 private:
  std::string_view bytes_;
};

// One list of members serves both ways; T is const for the writer.
template <class Io>
void fields(Io& io, auto& item) {
  using T = std::remove_cvref_t<decltype(item)>;
  if constexpr (std::is_same_v<T, sky::Vector>) {
    io(item);
  } else if constexpr (std::is_same_v<T, HduFacts>) {
    io(item.number), io(item.extname), io(item.extver), io(item.exttype), io(item.bitpix);
    io(item.width), io(item.height), io(item.no_sky);
    io(item.footprint.cap.centre), io(item.footprint.cap.radius), io(item.footprint.outline);
    io(item.pixel_scale);
    io(item.values.band), io(item.values.unit), io(item.values.version), io(item.values.t_min);
    io(item.values.t_max), io(item.values.exptime), io(item.values.zeropoint);
  } else {
    io(item.path), io(item.size), io(item.mtime_ns), io(item.problem), io(item.hdus);
  }
}

}  // namespace

Status write_stamps(const std::filesystem::path& path, const std::string& rules,
                    const std::vector<FileFacts>& files) {
  Writer out;
  out.bytes = kMagic;
  out(rules);
  for (const auto& file : files) fields(out, file);
  return write_file(path, out.bytes);
}

Stamps read_stamps(const std::filesystem::path& path, const std::string& rules) {
  const auto bytes = read_file(path, std::size_t{1} << 36);
  if (!bytes || !bytes->starts_with(kMagic)) return {};
  Reader in(std::string_view(*bytes).substr(kMagic.size()));
  std::string written_by;
  in(written_by);
  Stamps out{{}, written_by == rules};
  while (in.good && !in.empty()) {
    FileFacts file;
    fields(in, file);
    if (in.good) out.files.emplace(file.path, std::move(file));
  }
  return in.good ? std::move(out) : Stamps{};
}

std::string rules_of(const SurveyFile& survey) {
  const auto& h = survey.header;
  return join({h.t_min, h.t_max, h.exptime, h.zeropoint, h.unit, h.version, h.band,
               survey.tiles.empty() ? "scan"
               : h.any()            ? "tiles with headers"
                                    : "tiles"},
              "\n");
}

}  // namespace recorte::survey
