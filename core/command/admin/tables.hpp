/// What the admin's routes answer, for people: a line each.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace recorte::command {

void print_jobs(const nlohmann::ordered_json& answer);
void print_job(const nlohmann::ordered_json& job);
void print_queue(const nlohmann::ordered_json& answer);
void print_servers(const nlohmann::ordered_json& answer);
void print_workers(const nlohmann::ordered_json& answer);
void print_routes(const nlohmann::ordered_json& answer);
void print_plugins(const nlohmann::ordered_json& answer);
void print_plugin(const nlohmann::ordered_json& plugin);
void print_reload(const nlohmann::ordered_json& answer);
void print_maintenance(const nlohmann::ordered_json& answer);
void print_drain(const nlohmann::ordered_json& answer);
void print_survey(const nlohmann::ordered_json& answer);
void print_surveys(const nlohmann::ordered_json& answer);

}  // namespace recorte::command
