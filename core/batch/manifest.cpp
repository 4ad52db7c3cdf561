// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/manifest.hpp"

#include "core/base/time.hpp"
#include "core/base/version.hpp"
#include "core/batch/manifest_forms.hpp"

#include <array>
#include <utility>

namespace recorte::batch {
namespace {

constexpr std::size_t kPiece = 64 << 10;

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kForms{
    {{"json", "application/json"},
     {"csv", "text/csv;charset=utf-8;header=present"},
     {"vot", "application/x-votable+xml"},
     {"fits", "application/fits"}}};

std::unique_ptr<FormWriter> writer_of(ManifestForm form, const Plan& plan) {
  ManifestHead head(plan.columns());
  switch (form) {
    case ManifestForm::kJson: return json_manifest(std::move(head));
    case ManifestForm::kCsv: return csv_manifest(std::move(head));
    case ManifestForm::kVotable: return votable_manifest(std::move(head));
    case ManifestForm::kFits: break;
  }
  return fits_manifest(std::move(head));
}

}  // namespace

std::optional<ManifestForm> manifest_form(std::string_view ending) {
  for (std::size_t i = 0; i < kForms.size(); ++i)
    if (kForms[i].first == ending) return static_cast<ManifestForm>(i);
  return {};
}

std::string_view media_type(ManifestForm form) {
  return kForms[static_cast<std::size_t>(form)].second;
}

struct ManifestReader::State {
  job::Job job;
  std::shared_ptr<const Results> results;
  std::unique_ptr<FormWriter> writer;
  std::size_t next = 0;
  bool begun = false, ended = false;
};

ManifestReader::ManifestReader(ManifestForm form, job::Job job,
                               std::shared_ptr<const Results> results)
    : state_(std::make_unique<State>()) {
  state_->writer = writer_of(form, results->plan());
  state_->job = std::move(job);
  state_->results = std::move(results);
}

ManifestReader::~ManifestReader() = default;

Result<std::string> ManifestReader::next() {
  auto& state = *state_;
  std::string out;
  if (state.ended) return out;
  if (!std::exchange(state.begun, true)) {
    auto head = state.writer->begin(state.job, *state.results);
    if (!head) return fail(std::move(head).error());
    out = std::move(*head);
  }
  const auto size = state.results->plan().size();
  for (; state.next < size && out.size() < kPiece; ++state.next) {
    const auto record = record_of(*state.results, state.next);
    if (!record) return fail(record.error());
    state.writer->row(*record, out);
  }
  if (state.next == size && out.size() < kPiece) {
    out += state.writer->end();
    state.ended = true;
  }
  return out;
}

Result<std::string> manifest_json(const Results& results, std::size_t product) {
  const auto record = record_of(results, product);
  if (!record) return fail(record.error());
  return json_row(ManifestHead(results.plan().columns()), *record);
}

std::vector<JobFact> job_facts(const job::Job& job) {
  const auto time = [](Micros at) { return at > 0 ? iso_time(at) : std::string(); };
  std::vector<JobFact> out{{"id", job.id},
                           {"phase", std::string(job::name_of(job.phase))},
                           {"run_id", job.run_id},
                           {"list", job.list},
                           {"created", time(job.created)},
                           {"started", time(job.started)},
                           {"ended", time(job.ended)},
                           {"recorte", std::string(version())}};
  const auto count = [&](const char* name, std::int64_t number) {
    out.push_back({name, std::to_string(number), true});
  };
  count("positions", job.positions);
  count("products", job.products);
  count("ok", job.tally.ok);
  count("partial", job.tally.partial);
  count("no_coverage", job.tally.no_coverage);
  count("failed", job.tally.failed);
  count("bytes", job.tally.bytes);
  return out;
}

}  // namespace recorte::batch
