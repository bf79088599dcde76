// SPDX-License-Identifier: Apache-2.0
// The service's counts, read from the text that Prometheus reads.

// {value(name), sum(name, wanted), all(name)}: a sample by its name; the sum of those whose labels are wanted; each as
// {labels, value}.
export function readMetrics(text) {
    const samples = new Map();
    for (const line of text.split("\n")) {
        const match = /^xacthuc_(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
        if (!match) continue;
        const labels = Object.fromEntries([...(match[2] ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
        if (!samples.has(match[1])) samples.set(match[1], []);
        samples.get(match[1]).push({ labels, value: Number(match[3]) });
    }
    const all = (name) => samples.get(name) ?? [];
    return {
        all,
        value: (name) => all(name)[0]?.value ?? 0,
        sum: (name, wanted = () => true) => all(name).filter((sample) => wanted(sample.labels)).reduce((sum, sample) => sum + sample.value, 0),
    };
}

// The counts that the charts show as rates.
export function countsOf(metrics) {
    const outcomes = (from, to) => metrics.sum("verdicts_total", ({ code }) => Number(code) >= from && Number(code) < to);
    return {
        verdicts: metrics.sum("verdicts_total"),
        verified: outcomes(0, 100),
        not: outcomes(100, 300),
        refused: outcomes(300, 600),
        technical: outcomes(600, 1024),
        problems: metrics.sum("problems_total") + metrics.value("questions_refused_total"),
        alarms: metrics.value("alarms_total"),
        limits: metrics.sum("limits_met_total"),
    };
}
