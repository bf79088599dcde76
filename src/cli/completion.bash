# SPDX-License-Identifier: Apache-2.0
# Completion of the xacthuc command for bash. The words come from the program's own --help, so they are never out of date.
_xacthuc() {
    local current=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]} subcommand='' word
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        if [[ $word != -* ]]; then
            subcommand=$word
            break
        fi
    done
    if [[ $current == -* ]]; then
        # shellcheck disable=SC2086  # no subcommand is no word
        mapfile -t COMPREPLY < <(compgen -W "$("$program" $subcommand --help 2> /dev/null |
            sed -nE 's/^  (-[[:alpha:]],)?(--[[:alpha:]-]+).*/\2/p')" -- "$current")
    elif [[ -z $subcommand ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" --help 2> /dev/null |
            awk '/^Subcommands:/ { inside = 1; next } /^[^ ]/ { inside = 0 } inside { print $1 }')" -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -o filenames -F _xacthuc xacthuc
