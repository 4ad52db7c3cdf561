/// A job's files as HTTP answers: a product out of its pack, the manifest, all products as one
/// archive. Nothing is copied to be sent: products are ranges of packs, archives are ranges of
/// them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/manifest.hpp"
#include "core/batch/results.hpp"
#include "core/job/job.hpp"
#include "server/http/response.hpp"
#include "server/service/jobs.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace recorte::service {

/// One of a job's files by its name in a URL.
struct JobFile {
  std::string_view name;        ///< "manifest.csv", "products.zip"
  std::string_view media_type;  ///< without parameters
};
/// All that a job has beside its products.
std::span<const JobFile> job_files();

/// "12" → 11: products are counted from 1 in URLs. kNotFound names the text and how many there are.
Result<std::size_t> product_number(std::string_view text, const batch::Results& results);

/// Content-Type, Content-Disposition (from the user's id), ETag (the product's sha256), warnings.
/// The product's own error where it has none; kNotFound where it is not made yet.
Result<http::Response> product_file(const batch::Results& results, std::size_t product);

/// One of job_files(); kNotFound for another name. An archive holds what is made so far, and keeps
/// its ETag until more is; so does the manifest of a job that has ended, until the job is changed.
Result<http::Response> job_file(Jobs& jobs, std::string_view name, const job::Job& job,
                                std::shared_ptr<const batch::Results> results);
/// Bytes of one of job_files(), where they are known without much work; -1 where not.
std::int64_t job_file_size(Jobs& jobs, std::string_view name, const job::Job& job,
                           const std::shared_ptr<const batch::Results>& results);

}  // namespace recorte::service
