// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/batch/file_names.hpp"
#include "core/batch/manifest_forms.hpp"
#include "core/fits/card.hpp"
#include "core/fits/header.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <set>

namespace recorte::batch {
namespace {

constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kLongestName = 60;  // fits on a card
constexpr std::int64_t kNull = -1;
constexpr std::size_t kNumber = 8;  // bytes of integers and reals

std::string padded(std::string bytes, char filler) {
  constexpr auto block = static_cast<std::size_t>(fits::kBlockSize);
  bytes.resize((bytes.size() + block - 1) / block * block, filler);
  return bytes;
}

std::string header_bytes(const fits::Header& header) {
  std::string out = header.joined() + "END";
  return padded(std::move(out), ' ');
}

void add_big_endian(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

/// Letters, digits and '_' (7.2.2), each name once, whatever the case.
std::vector<std::string> fits_names(const ManifestHead& head) {
  std::vector<std::string> out;
  std::set<std::string> used;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const auto name = safe_name(head.name(i), "_", kLongestName);
    auto given = name;
    for (int more = 2; !used.insert(lower(given)).second; ++more)
      given = name + "_" + std::to_string(more);
    out.push_back(given);
  }
  return out;
}

/// A binary table (FITS Standard 4.0, section 7.3). Its rows have one length, so that all is read
/// once before for the longest texts.
class FitsManifest : public FormWriter {
 public:
  using FormWriter::FormWriter;

  Result<std::string> begin(const job::Job& job, const Results& results) override {
    widths_.assign(head().size(), 1);
    for (std::size_t i = 0; i < results.plan().size(); ++i) {
      const auto record = record_of(results, i);
      if (!record) return fail(record.error());
      for (std::size_t c = 0; c < head().size(); ++c)
        if (is_text(c))
          widths_[c] = std::max(widths_[c], std::min(head().text(*record, c).size(), kLongestText));
    }
    fits::Header primary;
    primary.set_bool("SIMPLE", true);
    primary.set_integer("BITPIX", 8);
    primary.set_integer("NAXIS", 0);
    primary.set_bool("EXTEND", true);
    return header_bytes(primary) + header_bytes(table_header(job, results.plan().size()));
  }

  void row(const Record& record, std::string& out) override {
    const auto before = out.size();
    for (std::size_t i = 0; i < head().size(); ++i) {
      auto text = head().text(record, i);
      if (is_text(i)) {
        text = fits::printable(text);
        text.resize(widths_[i], ' ');
        out += text;
      } else if (head().kind(i) == ValueKind::kWhole) {
        add_big_endian(out, static_cast<std::uint64_t>(to_int(text).value_or(kNull)));
      } else {
        add_big_endian(out, std::bit_cast<std::uint64_t>(to_double(text).value_or(
                                std::numeric_limits<double>::quiet_NaN())));
      }
    }
    written_ += out.size() - before;
  }

  std::string end() override {
    constexpr auto block = static_cast<std::size_t>(fits::kBlockSize);
    return std::string((block - written_ % block) % block, '\0');
  }

 private:
  bool is_text(std::size_t column) const {
    return head().kind(column) == ValueKind::kText || head().kind(column) == ValueKind::kWord;
  }

  fits::Header table_header(const job::Job& job, std::size_t rows) const {
    std::size_t width = 0;
    for (std::size_t i = 0; i < head().size(); ++i) width += is_text(i) ? widths_[i] : kNumber;
    fits::Header out;
    out.set_text("XTENSION", "BINTABLE");
    out.set_integer("BITPIX", 8);
    out.set_integer("NAXIS", 2);
    out.set_integer("NAXIS1", static_cast<std::int64_t>(width));
    out.set_integer("NAXIS2", static_cast<std::int64_t>(rows));
    out.set_integer("PCOUNT", 0);
    out.set_integer("GCOUNT", 1);
    out.set_integer("TFIELDS", static_cast<std::int64_t>(head().size()));
    out.set_text("EXTNAME", "MANIFEST");
    for (std::size_t i = 0; i < head().size(); ++i) describe(out, i);
    for (const auto& fact : job_facts(job))
      if (fact.number)
        out.set_integer("HIERARCH job " + fact.name, to_int(fact.value).value());
      else
        out.set_text("HIERARCH job " + fact.name, fact.value.substr(0, kLongestText));
    return out;
  }

  void describe(fits::Header& out, std::size_t i) const {
    const auto n = std::to_string(i + 1);
    const auto* known = head().known(i);
    out.set_text("TTYPE" + n, names_[i]);
    out.set_text("TFORM" + n, is_text(i) ? std::to_string(widths_[i]) + "A"
                              : head().kind(i) == ValueKind::kWhole ? "K"
                                                                    : "D");
    if (head().kind(i) == ValueKind::kWhole) out.set_integer("TNULL" + n, kNull);
    if (!known) return;
    if (!known->unit.empty()) out.set_text("TUNIT" + n, known->unit);
    if (!known->ucd.empty()) out.set_text("TUCD" + n, known->ucd);
  }

  const std::vector<std::string> names_ = fits_names(head());
  std::vector<std::size_t> widths_;  ///< of texts, bytes
  std::size_t written_ = 0;          ///< bytes of rows
};

}  // namespace

std::unique_ptr<FormWriter> fits_manifest(ManifestHead head) {
  return std::make_unique<FitsManifest>(std::move(head));
}

}  // namespace recorte::batch
