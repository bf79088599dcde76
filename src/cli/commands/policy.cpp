// SPDX-License-Identifier: Apache-2.0
// xacthuc policy: who may ask what: frameworks checked, compiled, explained, compared and signed.
#include <filesystem>
#include <map>
#include <memory>
#include <xacthuc/policy/policy_text.hpp>
#include <xacthuc/registry/signing_key.hpp>

#include "cli/commands/commands.hpp"
#include "cli/input/input_file.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/output_file.hpp"
#include "cli/policy/policy_source.hpp"
#include "cli/policy/policy_text.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

struct policy_options {
    policy_place from;
    bool json = false;
    bool is_unsigned = false;
    std::string other;  // the newer policy of diff
    std::string out;
    std::string agency;
    std::string procedure;
    text_language in = text_language::vi;
    std::string key_file;
    std::string name;
};

[[nodiscard]] exit_code run_check(const policy_options& options) {
    const auto checked = open_frameworks(options.from);
    const auto& tree = *checked.tree;
    std::size_t permitted = 0;
    for (const auto* agency : tree.agencies())
        for (const auto* procedure : tree.procedures())
            permitted += tree.rule_of(*agency, *procedure).refusal == outcome::verified;
    if (options.json) {
        print_json({{"command", "policy check"},
                    {"frameworks", tree.frameworks().size()},
                    {"agencies", tree.agencies().size()},
                    {"procedures", tree.procedures().size()},
                    {"permitted_pairs", permitted},
                    {"signed", !options.from.root.empty()},
                    {"sha256", hex_of(checked.table->hash())}});
        return exit_code::done;
    }
    say("{} frameworks, {} agencies, {} procedures, {} pairs of them permitted: no fault{}", tree.frameworks().size(),
        tree.agencies().size(), tree.procedures().size(), grouped(permitted),
        options.from.root.empty() ? "; signatures were not looked at" : "; all signed");
    return exit_code::done;
}

[[nodiscard]] exit_code run_compile(const policy_options& options) {
    if (options.from.root.empty() != options.is_unsigned)
        throw command_error{
            exit_code::usage,
            "say whose signature the national framework has to have (--root), or --unsigned for a draft"};
    const auto table = open_frameworks(options.from).table;
    take(table->save(options.out));
    if (options.json) {
        print_json({{"command", "policy compile"},
                    {"file", options.out},
                    {"rules", table->rules().size()},
                    {"profiles", table->profile_count()},
                    {"memory_bytes", table->memory_bytes()},
                    {"sha256", hex_of(table->hash())}});
        return exit_code::done;
    }
    say("{}: {} rules, {} profiles, {} in memory", options.out, table->rules().size(), table->profile_count(),
        bytes_text(table->memory_bytes()));
    return exit_code::done;
}

[[nodiscard]] exit_code run_explain(const policy_options& options) {
    const auto opened = open_frameworks(options.from);
    const auto& tree = *opened.tree;
    const auto* const agency = tree.find_agency(options.agency);
    if (agency == nullptr) throw command_error{exit_code::usage, "no agency of this name or number: " + options.agency};
    const auto* const procedure = tree.find_procedure(options.procedure);
    if (procedure == nullptr)
        throw command_error{exit_code::usage, "no procedure of this name or number: " + options.procedure};
    const auto made = tree.explain(*agency, *procedure);
    if (options.json)
        print_json(cli::json_of(made));
    else
        print_text(explanation_text(made, options.in));
    return exit_code::done;
}

[[nodiscard]] exit_code run_diff(const policy_options& options) {
    auto newer = options.from;
    newer.path = options.other;
    const auto changes = changes_between(*open_frameworks(options.from).tree, *open_frameworks(newer).tree);
    if (options.json) {
        print_json({{"command", "policy diff"},
                    {"pairs", changes.pairs},
                    {"narrower", changes.narrower},
                    {"wider", changes.wider}});
        return exit_code::done;
    }
    print_text(changes.text);
    say("{} pairs of agency and procedure differ: {} narrower, {} wider, {} both or neither", grouped(changes.pairs),
        grouped(changes.narrower), grouped(changes.wider), grouped(changes.pairs - changes.narrower - changes.wider));
    return exit_code::done;
}

[[nodiscard]] note_verifier verifier_of(const policy_options& options, const signing_key& key) {
    auto made = note_verifier::make(options.name, key.public_key());
    if (!made) throw command_error{exit_code::usage, "--name: " + made.error().message() + ": " + options.name};
    return *std::move(made);
}

[[nodiscard]] std::string text_of_file(const std::string& path) {
    const auto bytes = whole_file(path, std::size_t{1} << 26);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[nodiscard]] exit_code run_sign(const policy_options& options) {
    // Who signs what cannot be read signs a fault.
    auto text = load_framework(options.from.path);
    if (!text) throw command_error{exit_code::usage, text.error().front().message()};
    const auto key = take(signing_key::load(options.key_file));
    const auto who = verifier_of(options, key);
    auto note = text->note ? *std::move(text->note) : signed_note{text_of_file(options.from.path), {}};
    if (const auto made = sign_note(note, who, [&](std::span<const std::byte> message) { return key.sign(message); });
        !made)
        throw command_error{exit_code::usage, made.error().message() + ": " + options.from.path};
    const auto to = options.out.empty() ? std::filesystem::path{options.from.path}.replace_extension(".note").string()
                                        : options.out;
    output_file out{to};
    out.write(note.encode());
    out.commit();
    if (options.json)
        print_json({{"command", "policy sign"}, {"file", to}, {"framework", text->name}, {"key", who.text()}});
    else
        say("{}: {} version {}, signed by {}", to, text->name, text->version, who.text());
    return exit_code::done;
}

[[nodiscard]] exit_code run_key(const policy_options& options) {
    const auto who = verifier_of(options, take(signing_key::load(options.key_file)));
    if (options.json)
        print_json({{"command", "policy key"}, {"key", who.text()}});
    else
        print_text(who.text() + '\n');
    return exit_code::done;
}

[[nodiscard]] exit_code run_export_cedar(const policy_options& options) {
    print_text(cedar_text(*open_frameworks(options.from).tree));
    return exit_code::done;
}

class policy_command {
  public:
    policy_command(CLI::App& app, exit_code& status)
        : policy_{*app.add_subcommand("policy",
                                      "Say who may ask what: check, compile, explain, compare and sign frameworks")},
          options_{std::make_shared<policy_options>()},
          status_{status} {
        policy_.require_subcommand(1);
        policy_.footer(
            "Frameworks are TOML files, or signed notes around them; docs/policy.md has the format.\n"
            "Examples:\n"
            "  xacthuc policy check data/policy\n"
            "  xacthuc policy explain data/policy health social-payment --lang en\n"
            "  xacthuc policy compile data/policy --unsigned --out policy.xtp\n");
    }

    CLI::App& add(const std::string& name, const std::string& what, exit_code (*run)(const policy_options&)) {
        auto* const made = policy_.add_subcommand(name, what);
        made->callback([options = options_, run, &status = status_] { status = run(*options); });
        add_json(*made, options_->json);
        return *made;
    }
    void add_source(CLI::App& to) {
        to.add_option("PATH", options_->from.path, "Folder of frameworks, *.toml and *.note, or one of them")
            ->required();
        add_trust(to);
    }
    void add_trust(CLI::App& to) {
        to.add_option("--root", options_->from.root, "Verifier key that the national framework has to be signed by")
            ->type_name("KEY");
        to.add_option("--today", options_->from.today, "The day for which it is checked [today]")->type_name("DAY");
    }
    void add_signer(CLI::App& to) {
        to.add_option("-k,--key", options_->key_file, "Secret key, as keygen makes it")->required();
        to.add_option("--name", options_->name, "Name of the key, which stands in signatures")->required();
    }
    [[nodiscard]] policy_options& options() noexcept { return *options_; }

  private:
    CLI::App& policy_;
    std::shared_ptr<policy_options> options_;
    exit_code& status_;
};

}  // namespace

void add_policy(CLI::App& app, exit_code& status) {
    policy_command policy{app, status};
    auto& options = policy.options();
    policy.add_source(policy.add("check", "Say everything that is wrong with frameworks", run_check));

    auto& compile = policy.add("compile", "Make the table that verify takes", run_compile);
    policy.add_source(compile);
    compile.add_option("-o,--out", options.out, "Where it goes, a file ending in .xtp")->required();
    compile.add_flag("--unsigned", options.is_unsigned, "Take frameworks that nobody signed: a draft");

    static const std::map<std::string, text_language> languages{{"vi", text_language::vi}, {"en", text_language::en}};
    auto& explain = policy.add("explain", "Say what an agency may ask by a procedure, and who decided it", run_explain);
    policy.add_source(explain);
    explain.add_option("AGENCY", options.agency, "Its name or number")->required();
    explain.add_option("PROCEDURE", options.procedure, "Its name or number")->required();
    explain.add_option("--lang", options.in, "vi or en [vi]")
        ->transform(CLI::Transformer(languages))
        ->type_name("LANGUAGE");

    auto& diff = policy.add("diff", "Say which agencies lose or gain what from one policy to another", run_diff);
    diff.add_option("OLD", options.from.path, "Folder of frameworks")->required();
    diff.add_option("NEW", options.other, "Folder of frameworks")->required();
    policy.add_trust(diff);

    auto& sign = policy.add("sign", "Sign a framework: a note beside its file", run_sign);
    sign.add_option("FILE", options.from.path, "A framework, or the note that is to get one more signature")
        ->required();
    policy.add_signer(sign);
    sign.add_option("-o,--out", options.out, "Where the note goes [FILE, ending in .note]");

    policy.add_signer(policy.add("key", "Print the verifier key that stands in frameworks", run_key));
    policy.add_source(policy.add("export-cedar", "Print the policy in the language Cedar", run_export_cedar));
}

}  // namespace xacthuc::cli
