// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/admin/admin.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/command/admin/client.hpp"
#include "core/command/admin/tables.hpp"
#include "core/command/tools/tools.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct Options {
  fs::path config, data;
  bool json = false;
  std::string job, owner, before, message, survey, server, state, plugin, version;
  std::vector<std::string> phases;
  std::optional<std::string> priority;
  std::optional<std::int64_t> place;
  std::int64_t limit = 100;
};

/// What is asked of the server, and how its answer is shown.
struct Question {
  std::string method, path;
  ordered_json body;
  std::function<void(const ordered_json&)> print;
};
using Command = std::function<Result<Question>(const Options&)>;

Question get(std::string path, void (*print)(const ordered_json&)) {
  return {"GET", std::move(path), {}, print};
}

/// One of a job's acts, which answers with the job.
Command act(const char* name) {
  return [name](const Options& o) -> Result<Question> {
    return Question{"POST", "jobs/" + url_encode(o.job) + "/" + name, {}, [](const auto& job) {
                      std::printf("%s %s\n", job.at("id").template get<std::string>().c_str(),
                                  job.at("phase").template get<std::string>().c_str());
                    }};
  };
}

Result<Question> jobs(const Options& o) {
  auto path = "jobs?limit=" + std::to_string(o.limit);
  for (const auto& phase : o.phases) path += "&phase=" + url_encode(phase);
  if (!o.owner.empty()) path += "&owner=" + url_encode(o.owner);
  if (!o.before.empty()) path += "&before=" + url_encode(o.before);
  return get(std::move(path), &print_jobs);
}

Result<Question> remove(const Options& o) {
  return Question{"DELETE", "jobs/" + url_encode(o.job), {}, [id = o.job](const auto&) {
                    std::printf("%s is removed\n", id.c_str());
                  }};
}

Result<Question> move(const Options& o) {
  ordered_json to = ordered_json::object();
  if (o.priority) to["priority"] = *o.priority == "default" ? "" : *o.priority;
  if (o.place) to["place"] = *o.place;
  auto out = act("move")(o);
  if (out) out->body = std::move(to);
  return out;
}

Result<Question> maintenance(const Options& o) {
  if (o.state == "on")
    return Question{"POST", "maintenance", {{"message", o.message}}, &print_maintenance};
  if (o.state == "off") return Question{"DELETE", "maintenance", {}, &print_maintenance};
  return get("maintenance", &print_maintenance);
}

Command drain(const char* method) {
  return [method](const Options& o) -> Result<Question> {
    ordered_json body;
    if (!o.server.empty()) body["server"] = o.server;
    return Question{method, "drain", std::move(body),
                    [server = o.server, on = std::string(method) == "POST"](const auto& answer) {
                      if (server.empty()) return print_drain(answer);
                      std::printf("the server %s takes new jobs: %s\n", server.c_str(),
                                  on ? "no" : "yes");
                    }};
  };
}

Result<Question> survey(const Options& o) {
  if (o.state.empty()) return get("surveys", &print_surveys);
  const auto path = "surveys/" + url_encode(o.survey) + "/switch";
  if (o.survey.empty())
    return fail(ErrorCode::kUsage, "name the survey: recorte admin survey " + o.state + " NAME");
  if (o.state == "off") return Question{"POST", path, {{"message", o.message}}, &print_survey};
  return Question{"DELETE", path, {}, &print_survey};
}

Result<Question> plugin(const Options& o) {
  ordered_json body{{"version", o.version}};
  if (!o.message.empty()) body["message"] = o.message;
  return Question{"POST",
                  "plugins/" + url_encode(o.plugin) + (o.state == "on" ? "/enable" : "/disable"),
                  std::move(body), &print_plugin};
}

Status run(const Command& command, const Options& options) {
  const auto question = command(options);
  if (!question) return fail(question.error());
  const auto socket = socket_of(options.config, options.data);
  if (!socket) return fail(socket.error());
  const auto answer = ask_admin(*socket, question->method, question->path,
                                question->body.is_null() ? "" : question->body.dump());
  if (!answer) return fail(answer.error());
  if (options.json)
    std::printf("%s\n", answer->dump(2).c_str());
  else
    question->print(*answer);
  return flush_standard_output();
}

class Commands {
 public:
  Commands(CLI::App& app, Options& options) : app_(app), options_(options) {}
  CLI::App* add(const char* name, const char* help, Command run) {
    auto* sub = app_.add_subcommand(name, help);
    sub->add_option("--config", options_.config, "The configuration, as of serve")
        ->type_name("FILE");
    sub->add_option("--data", options_.data, "The data directory, as of serve")->type_name("DIR");
    sub->add_flag("--json", options_.json, "The server's answer as it is");
    sub->callback([this, run = std::move(run)] { chosen = run; });
    return sub;
  }
  CLI::App* add_for_job(const char* name, const char* help, Command run) {
    auto* sub = add(name, help, std::move(run));
    sub->add_option("ID", options_.job, "The job's id")->required();
    return sub;
  }
  Command chosen;

 private:
  CLI::App& app_;
  Options& options_;
};

void add_job_commands(Commands& commands, Options& o) {
  auto* list = commands.add("jobs", "Everybody's jobs, the newest first", &jobs);
  list->add_option("--owner", o.owner, "Of this user")->type_name("NAME");
  list->add_option("--phase", o.phases, "In this phase; may be repeated")->type_name("PHASE");
  list->add_option("--limit", o.limit, "At most so many")->check(CLI::Range(1, 1'000));
  list->add_option("--before", o.before, "Those before this one")->type_name("ID");
  commands.add_for_job("job", "One job", [](const Options& options) -> Result<Question> {
    return get("jobs/" + url_encode(options.job), &print_job);
  });
  commands.add("queue", "Jobs that wait or run, in the order of their turn",
               [](const Options&) -> Result<Question> { return get("queue", &print_queue); });
  commands.add_for_job("hold", "Keeps a job from running until it is released", act("hold"));
  commands.add_for_job("release", "Lets a job that is held go on, whoever held it", act("release"));
  commands.add_for_job("cancel", "Stops a job; what is made stays", act("cancel"));
  auto* moving = commands.add_for_job("move", "Puts a job elsewhere in the queue", &move);
  moving
      ->add_option("--priority", o.priority,
                   "Its class: system, internal, priority, normal, background; default is by the "
                   "configuration")
      ->type_name("CLASS");
  moving->add_option("--place", o.place, "Among its owner's own: the higher goes first")
      ->type_name("N");
  commands.add_for_job("delete", "Removes a job and its results", &remove);
}

void add_switch_commands(Commands& commands, Options& o) {
  auto* maintain = commands.add("maintenance",
                                "Whether nothing new is accepted; on MESSAGE, or off, switches it",
                                &maintenance);
  maintain->add_option("STATE", o.state, "on or off")->check(CLI::IsMember({"on", "off"}));
  maintain->add_option("MESSAGE", o.message, "What users are told");
  auto* surveys = commands.add(
      "survey", "Which surveys are on; off NAME MESSAGE, or on NAME, switches one", &survey);
  surveys->add_option("STATE", o.state, "on or off")->check(CLI::IsMember({"on", "off"}));
  surveys->add_option("NAME", o.survey, "The survey's id");
  surveys->add_option("MESSAGE", o.message, "What users are told");
}

void add_server_commands(Commands& commands, Options& o) {
  commands.add("servers", "The servers that share the database",
               [](const Options&) -> Result<Question> { return get("servers", &print_servers); });
  commands.add("workers", "The workers of this server",
               [](const Options&) -> Result<Question> { return get("workers", &print_workers); });
  commands.add("plugins", "The plugins of this server, which surveys need them, how they fail",
               [](const Options&) -> Result<Question> { return get("plugins", &print_plugins); });
  auto* one =
      commands.add("plugin", "Takes a plugin out of use (off), or puts it back (on)", &plugin);
  one->add_option("STATE", o.state, "on or off")->required()->check(CLI::IsMember({"on", "off"}));
  one->add_option("ID", o.plugin, "The plugin's id")->required();
  one->add_option("VERSION", o.version, "Its version")->required();
  one->add_option("MESSAGE", o.message, "What users are told");
  commands.add("routes", "Who may come to what",
               [](const Options&) -> Result<Question> { return get("routes", &print_routes); });
  commands
      .add("drain", "The server takes no new jobs; what it has goes on to its end", drain("POST"))
      ->add_option("SERVER", o.server, "Its name; else the one that is asked");
  commands.add("undrain", "It takes jobs again", drain("DELETE"))
      ->add_option("SERVER", o.server, "Its name; else the one that is asked");
}

}  // namespace

int admin(int argc, char** argv) {
  CLI::App app("Looks after a server that runs, as its operator.", "recorte admin");
  Options options;
  Commands commands(app, options);
  add_job_commands(commands, options);
  add_server_commands(commands, options);
  add_switch_commands(commands, options);
  app.require_subcommand(1);
  if (const auto ended = parse(app, argc, argv)) return *ended;
  const auto done = run(commands.chosen, options);
  return done ? 0 : complain(done.error());
}

}  // namespace recorte::command
