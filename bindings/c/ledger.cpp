// SPDX-License-Identifier: Apache-2.0
// Ledgers: opened, put before a register, published, and asked for receipts.
#include <algorithm>
#include <string>
#include <utility>
#include <xacthuc/ledger/history.hpp>
#include <xacthuc/ledger/receipt.hpp>
#include <xacthuc/registry/ledger_folder.hpp>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

constexpr uint32_t hashing_threads_max = 64;
constexpr uint64_t queue_rows_max = uint64_t{1} << 28;

[[nodiscard]] bool are_in_range(const xt_ledger_options& how) noexcept {
    return how.durability <= XT_LEDGER_LATER && how.hashing_threads <= hashing_threads_max &&
           how.queue_rows <= queue_rows_max;
}

[[nodiscard]] detailed_result<ledger_options> options_of(const char* folder, const xt_ledger_options& how) {
    std::optional<authority_key> key;
    if (how.key != nullptr) key = how.key->value;
    auto options = ledger_options_in(folder, how.origin != nullptr ? how.origin : "", key);
    if (!options) return options;
    if (how.witnesses != nullptr) {
        auto read = witness_policy::load(how.witnesses);
        if (!read) return failure_of_faults(read.error(), errc::settings_faults);
        options->witnesses = *std::move(read);
    }
    if (how.queue_rows != 0) options->queue_slots = static_cast<std::size_t>(how.queue_rows);
    options->hashing_threads = how.hashing_threads;
    return options;
}

[[nodiscard]] xt_receipt_facts facts_of(const receipt& from, const checkpoint& head) noexcept {
    xt_receipt_facts facts{};
    facts.id = from.row.id;
    facts.time_unix_ms = from.row.time_unix_ms;
    facts.officer = from.row.officer;
    facts.verdict = c::told(from.row.verdict());
    facts.agency = from.row.agency;
    facts.procedure = from.row.procedure;
    facts.claims = from.row.claims;
    facts.place = {from.leaf_index, from.row_index};
    facts.register_sequence = from.leaf.register_sequence;
    facts.entries = head.size;
    return facts;
}

// What a call on a ledger that is there does, whose result is an error or not.
template <class Work>
[[nodiscard]] xt_status on_ledger(xt_ledger* ledger, xt_detail* detail, const Work& work) {
    return c::guarded(detail, [&] {
        if (ledger == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "ledger");
        const auto done = work(ledger->value->value);
        return done ? xt_status{XT_OK} : c::refuse(detail, done.error());
    });
}

}  // namespace

xt_status xt_ledger_open(const char* folder, const xt_ledger_options* options, xt_ledger** ledger, xt_detail* detail) {
    return c::guarded(ledger, detail, [&] {
        if (folder == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "folder");
        xt_ledger_options how;
        if (const auto status = c::read_options(options, XT_LEDGER_OPTIONS_BYTES, how); status != XT_OK)
            return c::refuse(detail, status, "xt_ledger_options");
        if (!are_in_range(how))
            return c::refuse(detail, XT_ARGUMENT_RANGE, "durability, hashing_threads or queue_rows");
        auto with = options_of(folder, how);
        if (!with) return c::refuse(detail, with.error());
        auto key = with->verifier.text();
        auto opened = xacthuc::ledger::open(folder, *std::move(with));
        if (!opened) return c::refuse(detail, opened.error());
        const bool is_required = how.durability == XT_LEDGER_REQUIRED;
        auto made = std::make_unique<xt_ledger>();
        made->value = std::make_shared<c::recording>(*std::move(opened), is_required);
        made->folder = folder;
        made->key = std::move(key);
        // Whether witnesses are fresh it says from the first publishing on.
        if (const auto done = made->value->value.publish(c::now_unix_ms()); !done)
            return c::refuse(detail, done.error());
        *ledger = made.release();
        return xt_status{XT_OK};
    });
}

xt_status xt_ledger_close(xt_ledger* ledger, xt_detail* detail) {
    return on_ledger(ledger, detail, [](shared_ledger& on) { return on.close(c::now_unix_ms()); });
}

void xt_ledger_free(xt_ledger* ledger) {
    delete ledger;
}

xt_status xt_register_set_ledger(xt_register* opened, xt_ledger* ledger) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (opened == nullptr || ledger == nullptr) return XT_NULL_ARGUMENT;
        return opened->rows.put(ledger->value) ? XT_OK : XT_ARGUMENT_RANGE;
    });
}

xt_status xt_ledger_publish(xt_ledger* ledger, xt_detail* detail) {
    return on_ledger(ledger, detail, [](shared_ledger& on) { return on.publish(c::now_unix_ms()); });
}

xt_status xt_ledger_wait(const xt_ledger* ledger, const xt_ticket* ticket) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (ledger == nullptr || ticket == nullptr) return XT_NULL_ARGUMENT;
        if (ticket->rows == 0) return XT_OK;
        const auto done = ledger->value->value.wait({ticket->first_slot, ticket->rows});
        return done ? xt_status{XT_OK} : c::status_of(done.error());
    });
}

xt_status xt_ledger_ask_witnesses(xt_ledger* ledger, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (ledger == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "ledger");
        return ledger->value->value.with([&](xacthuc::ledger& on) -> xt_status {
            const auto said = on.ask_witnesses(c::now_unix_ms());
            if (!said) return c::refuse(detail, said.error());
            if (on.is_witnessed(c::now_unix_ms())) return XT_OK;
            std::string words;
            for (const auto& each : *said) words += (words.empty() ? "" : "\n") + each.context;
            return c::refuse(detail, XT_WITNESS_REFUSED, words);
        });
    });
}

xt_status xt_ledger_look(xt_ledger* ledger, xt_ledger_facts* facts) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (ledger == nullptr || facts == nullptr) return XT_NULL_ARGUMENT;
        xt_ledger_facts told{};
        ledger->value->value.with([&](xacthuc::ledger& on) {
            told.entries = on.head().size;
            told.is_stopped = on.is_stopped() ? 1 : 0;
            told.is_witnessed = on.is_witnessed(c::now_unix_ms()) ? 1 : 0;
        });
        return c::write_struct(told, XT_LEDGER_FACTS_BYTES, facts);
    });
}

xt_status xt_ledger_key(xt_ledger* ledger, char* text, size_t capacity, size_t* size) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (ledger == nullptr || !c::is_there(text, capacity)) return XT_NULL_ARGUMENT;
        c::put_text(ledger->key, text, capacity, size);
        return XT_OK;
    });
}

xt_status xt_ledger_checkpoint(xt_ledger* ledger, char* text, size_t capacity, size_t* size) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (ledger == nullptr || !c::is_there(text, capacity)) return XT_NULL_ARGUMENT;
        const auto note = ledger->value->value.with([](xacthuc::ledger& on) { return on.published().encode(); });
        c::put_text(note, text, capacity, size);
        return XT_OK;
    });
}

xt_status xt_ledger_place(xt_ledger* ledger, const xt_ticket* ticket, uint64_t row, xt_place* place) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (ledger == nullptr || ticket == nullptr || place == nullptr) return XT_NULL_ARGUMENT;
        const ledger_ticket of{ticket->first_slot, ticket->rows};
        const auto found = ledger->value->value.with([&](xacthuc::ledger& on) { return on.place(of, row); });
        if (!found) return c::status_of(found.error());
        *place = {found->entry, found->row};
        return XT_OK;
    });
}

xt_status xt_ledger_receipt(xt_ledger* ledger, const xt_place* place, char* text, size_t capacity, size_t* size,
                            xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (ledger == nullptr || place == nullptr || !c::is_there(text, capacity))
            return c::refuse(detail, XT_NULL_ARGUMENT, "ledger, place or text");
        const ledger_place of{place->entry, place->row};
        const auto made = ledger->value->value.with([&](xacthuc::ledger& on) { return on.receipt_for(of); });
        if (!made) return c::refuse(detail, made.error());
        c::put_text(made->encode(), text, capacity, size);
        return xt_status{XT_OK};
    });
}

xt_status xt_receipt_verify(const char* text, size_t size, const char* key, xt_receipt_facts* facts,
                            xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (key == nullptr || facts == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "key or facts");
        if (!c::is_writable(*facts, XT_RECEIPT_FACTS_BYTES))
            return c::refuse(detail, XT_STRUCT_SIZE, "xt_receipt_facts");
        std::string_view whole;
        if (const auto status = c::read_text({text, size}, whole); status != XT_OK)
            return c::refuse(detail, status, "text");
        const auto known = note_verifier::parse(key);
        if (!known) return c::refuse(detail, c::status_of(known.error()), "key");
        const auto shown = receipt::decode(whole);
        if (!shown) return c::refuse(detail, c::status_of(shown.error()), "the receipt");
        const auto head = verify_receipt(*shown, known->name(), *known);
        if (!head) return c::refuse(detail, c::status_of(head.error()), "the receipt");
        return c::write_struct(facts_of(*shown, *head), XT_RECEIPT_FACTS_BYTES, facts);
    });
}

xt_status xt_ledger_update_histories(xt_ledger* ledger, xt_detail* detail) {
    return on_ledger(ledger, detail, [&](shared_ledger& on) -> detailed_result<void> {
        const std::lock_guard alone{ledger->sorting};
        const auto now = c::now_unix_ms();
        const auto sealed = on.with([&](xacthuc::ledger& it) { return it.seal(now); });
        if (!sealed) return sealed.error();
        const auto sorted = update_histories(ledger->folder, now / 1000);
        if (!sorted) return sorted.error();
        return {};
    });
}

xt_status xt_ledger_forget(xt_ledger* ledger, const char* day, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (ledger == nullptr || day == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "ledger or day");
        const std::lock_guard alone{ledger->sorting};
        const auto done = ledger->value->value.with([&](xacthuc::ledger& on) { return on.forget(day); });
        return done ? xt_status{XT_OK} : c::refuse(detail, done.error());
    });
}

xt_status xt_ledger_prune(xt_ledger* ledger, const char* before_day, uint64_t* hours, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (ledger == nullptr || before_day == nullptr)
            return c::refuse(detail, XT_NULL_ARGUMENT, "ledger or before_day");
        const std::lock_guard alone{ledger->sorting};
        const auto pruned = ledger->value->value.with([&](xacthuc::ledger& on) { return on.prune(before_day); });
        if (!pruned) return c::refuse(detail, pruned.error());
        if (hours != nullptr) *hours = *pruned;
        return xt_status{XT_OK};
    });
}
