// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/utf8.hpp"
#include "core/batch/manifest_forms.hpp"

namespace recorte::batch {
namespace {

/// Of element or attribute. Characters that XML 1.0 has not (2.2) become '?'.
std::string xml(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto rest = text.substr(i);
    if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
      out += '?';
      i += 2;
      continue;
    }
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\r': out += "&#13;"; break;
      case '\n': out += "&#10;"; break;
      case '\t': out += "&#9;"; break;
      default: out += c >= 0 && c < ' ' ? '?' : c;
    }
  }
  return out;
}

std::string attribute(std::string_view name, std::string_view value) {
  return value.empty() ? "" : " " + std::string(name) + "=\"" + xml(value) + "\"";
}

std::string_view type_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::kWhole: return "datatype=\"long\"";
    case ValueKind::kReal: return "datatype=\"double\"";
    case ValueKind::kText: return "datatype=\"unicodeChar\" arraysize=\"*\"";
    case ValueKind::kWord: break;
  }
  return "datatype=\"char\" arraysize=\"*\"";
}

/// The systems that the columns are in.
std::string_view system_of(std::string_view name) {
  if (name == "ra" || name == "dec") return "icrs";
  return name == "mjd_min" || name == "mjd_max" ? "mjd" : "";
}

class VotableManifest : public FormWriter {
 public:
  using FormWriter::FormWriter;

  Result<std::string> begin(const job::Job& job, const Results& results) override {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\">\n"
        "<RESOURCE type=\"results\">\n";
    for (const auto& fact : job_facts(job))
      out += "<INFO name=\"" + fact.name + "\" value=\"" + xml(good_utf8(fact.value)) + "\"/>\n";
    out +=
        "<COOSYS ID=\"icrs\" system=\"ICRS\"/>\n"
        "<TIMESYS ID=\"mjd\" timeorigin=\"MJD-origin\" timescale=\"UTC\" "
        "refposition=\"UNKNOWN\"/>\n";
    out += "<TABLE name=\"manifest\" nrows=\"" + std::to_string(results.plan().size()) + "\">\n";
    for (std::size_t i = 0; i < head().size(); ++i) out += field(i);
    return out + "<DATA><TABLEDATA>\n";
  }

  void row(const Record& record, std::string& out) override {
    out += "<TR>";
    for (std::size_t i = 0; i < head().size(); ++i)
      out += "<TD>" + xml(head().text(record, i)) + "</TD>";
    out += "</TR>\n";
  }

  std::string end() override { return "</TABLEDATA></DATA>\n</TABLE>\n</RESOURCE>\n</VOTABLE>\n"; }

 private:
  std::string field(std::size_t i) const {
    const auto* known = head().known(i);
    std::string out = "<FIELD name=\"" + xml(head().name(i)) + "\" ";
    out += type_of(head().kind(i));
    if (!known) return out + "/>\n";
    return out + attribute("unit", known->unit) + attribute("ucd", known->ucd) +
           attribute("ref", system_of(known->name)) + "><DESCRIPTION>" + xml(known->help) +
           "</DESCRIPTION></FIELD>\n";
  }
};

}  // namespace

std::unique_ptr<FormWriter> votable_manifest(ManifestHead head) {
  return std::make_unique<VotableManifest>(std::move(head));
}

}  // namespace recorte::batch
