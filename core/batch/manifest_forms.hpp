/// How a manifest is written in each of its forms, a row at a time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/manifest_columns.hpp"
#include "core/job/job.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace recorte::batch {

class FormWriter {
 public:
  explicit FormWriter(ManifestHead head) : head_(std::move(head)) {}
  virtual ~FormWriter() = default;
  /// What comes before the first of `rows` rows. Reads `results` where it must know the widest.
  virtual Result<std::string> begin(const job::Job& job, const Results& results) = 0;
  virtual void row(const Record& record, std::string& out) = 0;
  virtual std::string end() = 0;

 protected:
  const ManifestHead& head() const { return head_; }

 private:
  ManifestHead head_;
};

std::unique_ptr<FormWriter> csv_manifest(ManifestHead head);
std::unique_ptr<FormWriter> json_manifest(ManifestHead head);
std::unique_ptr<FormWriter> votable_manifest(ManifestHead head);
std::unique_ptr<FormWriter> fits_manifest(ManifestHead head);

/// One product as an object of JSON.
std::string json_row(const ManifestHead& head, const Record& record);
/// What is told of a job: id, phase, times and counts.
struct JobFact {
  std::string name, value;
  bool number = false;
};
std::vector<JobFact> job_facts(const job::Job& job);

}  // namespace recorte::batch
