// SPDX-License-Identifier: BSD-3-Clause
#include "server/soda/descriptor.hpp"

#include "core/cutout/parameters.hpp"

#include <pugixml.hpp>

#include <array>
#include <set>
#include <sstream>
#include <string_view>

namespace recorte::soda {
namespace {

using pugi::xml_node;

struct Declared {
  const char *name, *datatype, *arraysize, *xtype, *unit, *ucd, *description;
};

/// SODA's own parameters, with the attributes that SODA 1.0, 4.3 prints. Ours follow from the
/// table.
constexpr std::array kStandard{
    Declared{"POS", "char", "*", "", "", "phys.angArea;obs",
             "Region: CIRCLE, RANGE or POLYGON and its numbers, ICRS degrees"},
    Declared{"CIRCLE", "double", "3", "circle", "deg", "phys.angArea;obs",
             "Circle: RA, Dec and radius"},
    Declared{"POLYGON", "double", "*", "polygon", "deg", "phys.angArea;obs",
             "Polygon: RA, Dec of its vertices, counter-clockwise"},
    Declared{"BAND", "double", "2", "interval", "m", "em.wl;stat.interval",
             "Interval of wavelength"},
    Declared{"TIME", "double", "2", "interval", "d", "time.interval;obs.exposure",
             "Interval of time, MJD"},
    Declared{"POL", "char", "*", "", "", "meta.code;phys.polarization", "Polarization states"},
    Declared{"RESPONSEFORMAT", "char", "*", "", "", "meta.code.mime", "Type of the answer"},
};

void set(xml_node node, const char* name, std::string_view value) {
  if (!value.empty()) node.append_attribute(name).set_value(std::string(value).c_str());
}

xml_node param(xml_node parent, const Declared& d, std::string_view value) {
  auto node = parent.append_child("PARAM");
  set(node, "name", d.name);
  set(node, "datatype", d.datatype);
  set(node, "arraysize", d.arraysize);
  set(node, "xtype", d.xtype);
  set(node, "unit", d.unit);
  set(node, "ucd", d.ucd);
  node.append_attribute("value").set_value(std::string(value).c_str());
  if (*d.description) node.append_child("DESCRIPTION").text().set(d.description);
  return node;
}

void input_parameters(xml_node resource, const std::string& id) {
  auto group = resource.append_child("GROUP");
  set(group, "name", "inputParams");
  param(group,
        {"ID", "char", "*", "", "", "meta.id;meta.dataset", "A survey, its release, or an image"},
        id);
  std::set<std::string_view> said{"ID"};
  for (const auto& d : kStandard) {
    param(group, d, "");
    said.insert(d.name);
  }
  for (const auto& row : cutout::parameters())
    if (!row.soda.empty() && said.insert(row.soda).second)
      param(group, {row.soda.data(), "char", "*", "", "", "", row.help.data()}, "");
}

}  // namespace

std::string service_descriptor(const std::string& sync_url, const std::string& id) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  auto votable = document.append_child("VOTABLE");
  set(votable, "version", "1.4");
  set(votable, "xmlns", "http://www.ivoa.net/xml/VOTable/v1.3");

  auto results = votable.append_child("RESOURCE");
  set(results, "type", "results");
  auto status = results.append_child("INFO");
  set(status, "name", "QUERY_STATUS");
  set(status, "value", "OVERFLOW");

  auto service = votable.append_child("RESOURCE");
  set(service, "type", "meta");
  set(service, "utype", "adhoc:service");
  set(service, "name", "soda-sync");
  param(service, {"standardID", "char", "*", "", "", "", ""}, "ivo://ivoa.net/std/SODA#sync-1.0");
  param(service, {"accessURL", "char", "*", "", "", "", ""}, sync_url);
  input_parameters(service, id);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace recorte::soda
