# SPDX-License-Identifier: Apache-2.0
# Completion of the xacthuc command for bash. The words come from the program's own --help, so they are never out of date.
_xacthuc() {
    local current=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]} subcommands=() names word
    # The subcommand, and its own subcommand if it has any.
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $word != -* ]] || continue
        names=$(_xacthuc_subcommands "$program" "${subcommands[@]}")
        [[ $'\n'$names$'\n' == *$'\n'$word$'\n'* ]] || break
        subcommands+=("$word")
    done
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" "${subcommands[@]}" --help 2> /dev/null |
            sed -nE 's/^  (-[[:alpha:]],)?(--[[:alnum:]-]+).*/\2/p')" -- "$current")
        return
    fi
    names=$(_xacthuc_subcommands "$program" "${subcommands[@]}")
    mapfile -t COMPREPLY < <(compgen -W "$names" -- "$current")
    if ((${#subcommands[@]} > 0)); then
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
    fi
}
# The subcommands of the program, or of a subcommand of it.
_xacthuc_subcommands() {
    "$@" --help 2> /dev/null | awk '/^Subcommands:/ { inside = 1; next } /^[^ ]/ { inside = 0 } inside { print $1 }'
}
complete -o filenames -F _xacthuc xacthuc
