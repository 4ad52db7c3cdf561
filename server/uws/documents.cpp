// SPDX-License-Identifier: BSD-3-Clause
#include "server/uws/documents.hpp"

#include "server/service/jobs.hpp"

#include <pugixml.hpp>

#include <sstream>

namespace recorte::uws {
namespace {

using pugi::xml_node;

void set(xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(std::string(value).c_str());
}

/// XML 1.0 cannot hold control characters, however they are written; parameters may.
std::string printable(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r') c = '?';
  return out;
}

xml_node add(xml_node parent, const char* name, std::string_view text) {
  auto node = parent.append_child(name);
  node.text().set(printable(text).c_str());
  return node;
}

/// Empty means nil, for what the schema requires.
void add_or_nil(xml_node parent, const char* name, const std::string& text) {
  if (!text.empty()) {
    add(parent, name, text);
  } else {
    set(parent.append_child(name), "xsi:nil", "true");
  }
}

xml_node root(pugi::xml_document& document, const char* name) {
  auto declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  auto node = document.append_child(name);
  set(node, "xmlns:uws", "http://www.ivoa.net/xml/UWS/v1.0");
  set(node, "xmlns:xlink", "http://www.w3.org/1999/xlink");
  set(node, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
  return node;
}

std::string text_of(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

void add_results(xml_node parent, const std::vector<ResultEntry>& results) {
  for (const auto& result : results) {
    auto node = parent.append_child("uws:result");
    set(node, "id", result.id);
    set(node, "xlink:type", "simple");
    set(node, "xlink:href", result.url);
    if (result.size >= 0) set(node, "size", std::to_string(result.size));
    set(node, "mime-type", result.media_type);
  }
}

void add_parameters(xml_node parent, const job::Job& job) {
  for (const auto& [name, value] : job.parameters)
    set(add(parent, "uws:parameter", value), "id", printable(name));
  if (!job.list.empty()) set(add(parent, "uws:parameter", job.list), "id", "UPLOAD");
}

/// What UWS has no word for.
void add_progress(xml_node parent, const job::Job& job,
                  const std::optional<service::QueuePlace>& place) {
  auto info = parent.append_child("uws:jobInfo").append_child("progress");
  set(info, "xmlns", "urn:recorte:job");
  const auto count = [&](const char* name, std::int64_t value) {
    add(info, name, std::to_string(value));
  };
  count("positions", job.positions);
  count("products", job.products);
  if (job.outside >= 0) count("outside", job.outside);
  count("done", job.tally.products());
  count("ok", job.tally.ok);
  count("partial", job.tally.partial);
  count("no_coverage", job.tally.no_coverage);
  count("failed", job.tally.failed);
  count("bytes", job.tally.bytes);
  if (place) {
    count("ahead", place->ahead);
    add(info, "start", time_text(place->start));
  }
  if (job.phase != job::Phase::kHeld) return;
  add(info, "held_by", job::kHoldNames[static_cast<std::size_t>(job.hold)]);
  if (job.hold_until > 0) add(info, "held_until", time_text(job.hold_until));
}

/// Whether trying again may help.
bool transient(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kTimeout ||
         error.code == ErrorCode::kCancelled;
}

}  // namespace

std::string owner_of(const job::Job& job) { return job.owner == "anonymous" ? "" : job.owner; }

std::string time_text(Micros time) { return time > 0 ? iso_time(time) : ""; }

std::string job_url(const std::string& base_url, const job::Job& job) {
  return base_url + "/async/" + job.id;
}

std::string quote_text(const job::Job& job, const std::optional<service::QueuePlace>& place) {
  return time_text(place ? place->end : job.quote);
}

std::string job_document(const job::Job& job, const std::vector<ResultEntry>& results,
                         const std::optional<service::QueuePlace>& place) {
  pugi::xml_document document;
  auto node = root(document, "uws:job");
  set(node, "version", "1.1");
  add(node, "uws:jobId", job.id);
  if (!job.run_id.empty()) add(node, "uws:runId", job.run_id);
  add_or_nil(node, "uws:ownerId", owner_of(job));
  add(node, "uws:phase", job::name_of(job.phase));
  add_or_nil(node, "uws:quote", quote_text(job, place));
  add(node, "uws:creationTime", time_text(job.created));
  add_or_nil(node, "uws:startTime", time_text(job.started));
  add_or_nil(node, "uws:endTime", time_text(job.ended));
  add(node, "uws:executionDuration", std::to_string(job.execution_seconds));
  add_or_nil(node, "uws:destruction", time_text(job.destruction));
  add_parameters(node.append_child("uws:parameters"), job);
  add_results(node.append_child("uws:results"), results);
  if (job.error) {
    auto summary = node.append_child("uws:errorSummary");
    set(summary, "type", transient(*job.error) ? "transient" : "fatal");
    set(summary, "hasDetail", "true");
    add(summary, "uws:message", job.error->message);
  }
  add_progress(node, job, place);
  return text_of(document);
}

std::string jobs_document(std::vector<job::Job> jobs, const std::string& base_url) {
  pugi::xml_document document;
  auto node = root(document, "uws:jobs");
  set(node, "version", "1.1");
  if (jobs.size() > static_cast<std::size_t>(service::kLongestList)) {
    jobs.resize(static_cast<std::size_t>(service::kLongestList));
    node.append_child(pugi::node_comment)
        .set_value((" The newest " + std::to_string(jobs.size()) +
                    " jobs; there are more. PHASE, AFTER and LAST narrow the list down, and "
                    "/api/v1/jobs has pages. ")
                       .c_str());
  }
  for (const auto& job : jobs) {
    auto entry = node.append_child("uws:jobref");
    set(entry, "id", job.id);
    set(entry, "xlink:type", "simple");
    set(entry, "xlink:href", job_url(base_url, job));
    add(entry, "uws:phase", job::name_of(job.phase));
    if (!job.run_id.empty()) add(entry, "uws:runId", job.run_id);
    add_or_nil(entry, "uws:ownerId", owner_of(job));
    add(entry, "uws:creationTime", time_text(job.created));
  }
  return text_of(document);
}

std::string results_document(const std::vector<ResultEntry>& results) {
  pugi::xml_document document;
  add_results(root(document, "uws:results"), results);
  return text_of(document);
}

std::string parameters_document(const job::Job& job) {
  pugi::xml_document document;
  add_parameters(root(document, "uws:parameters"), job);
  return text_of(document);
}

}  // namespace recorte::uws
