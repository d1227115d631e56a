import Foundation
import Neural

/// What `sora bench --profile` says of the steps of a network's plans.
struct ProfileReport {
    /// A step, with what its runs took.
    struct Line: Codable {
        var plan: Int
        var label: String
        var kernel: String
        var way: String
        /// Seconds of one of the measured runs, all the step's executions in it together, each taken to be as quick as
        /// the quickest tenth of them: other work on the machine then hardly shows.
        var seconds: Double
        /// Share of the time of all steps.
        var share: Double
        var gigaflopsPerSecond: Double
        var gigabytesPerSecond: Double
        /// Time of the fastest kernel known, timed alone, over the time taken; nil where no kernels were timed.
        var ofLimit: Double?
    }

    private let profile: Profile
    let lines: [Line]

    /// - Parameter runs: how many runs the profile holds.
    init(_ profile: Profile, runs: Int) {
        self.profile = profile
        let plans = profile.plans
        var times = plans.map { [[Double]](repeating: [], count: $0.count) }
        for event in profile.events { times[event.plan][event.step].append(event.seconds) }
        let seconds = times.map { $0.map { $0.isEmpty ? 0 : $0.sorted()[$0.count / 10] * Double($0.count) } }
        let total = max(seconds.joined().reduce(0, +), .leastNonzeroMagnitude)
        lines = plans.indices.flatMap { plan in
            plans[plan].indices.filter { !times[plan][$0].isEmpty }.map { place in
                let (step, taken) = (plans[plan][place], seconds[plan][place])
                let count = Double(times[plan][place].count)
                func rate(_ amount: Int) -> Double { taken > 0 ? Double(amount) * count / taken / 1e9 : 0 }
                return Line(
                    plan: plan, label: step.label, kernel: step.kernel, way: step.way,
                    seconds: taken / Double(max(runs, 1)), share: taken / total,
                    gigaflopsPerSecond: rate(step.operations), gigabytesPerSecond: rate(step.bytes),
                    ofLimit: step.limit.map { taken > 0 ? $0 * count / taken : 0 })
            }
        }
    }

    /// A table, in the order of computation.
    var text: String {
        let head = "    ms  share  GFLOP/s    GB/s  limit  step, kernel, way"
        let rows = lines.map { line in
            let limit = line.ofLimit.map { String(format: "%4.0f%%", 100 * $0) } ?? "    -"
            let flops = line.gigaflopsPerSecond > 0 ? String(format: "%8.1f", line.gigaflopsPerSecond) : "       -"
            let numbers = String(format: "%6.2f %5.1f%% ", 1000 * line.seconds, 100 * line.share)
            let bytes = String(format: "%7.1f", line.gigabytesPerSecond)
            let names = [line.label, line.kernel, line.way].filter { !$0.isEmpty }.joined(separator: ", ")
            return "\(numbers)\(flops) \(bytes)  \(limit)  \(names)"
        }
        return ([head] + rows + [summary]).joined(separator: "\n")
    }

    /// One JSON object for each step.
    func jsonLines() throws -> [String] { try lines.map { try $0.jsonLine() } }

    /// How near the convolutions come to the fastest kernels timed alone.
    private var summary: String {
        let timed = lines.filter { $0.ofLimit != nil }
        let all = lines.map(\.seconds).reduce(0, +)
        let taken = timed.map(\.seconds).reduce(0, +)
        let limit = timed.map { $0.seconds * ($0.ofLimit ?? 0) }.reduce(0, +)
        let run = String(format: "%.2f ms in all steps of a run", 1000 * all)
        guard taken > 0, all > 0 else { return run }
        return run
            + String(
                format: "; %.2f ms in convolutions, whose fastest kernels alone take %.2f ms: %.0f%% of all",
                1000 * taken,
                1000 * limit, 100 * limit / all)
    }

    /// What ran, in the trace event format of Chrome and Perfetto.
    func trace() throws -> String {
        struct Trace: Encodable {
            struct Event: Encodable {
                var name: String
                var cat: String
                var ph = "X"
                var ts: Double
                var dur: Double
                var pid = 1
                var tid = 1
                var args: [String: String]
            }
            var traceEvents: [Event]
        }
        let plans = profile.plans
        let events = profile.events.map { event in
            let step = plans[event.plan][event.step]
            return Trace.Event(
                name: step.label, cat: "plan \(event.plan)", ts: event.start * 1e6, dur: event.seconds * 1e6,
                args: [
                    "kernel": step.kernel, "way": step.way, "operations": "\(step.operations)",
                    "bytes": "\(step.bytes)",
                ])
        }
        return String(decoding: try JSONEncoder().encode(Trace(traceEvents: events)), as: UTF8.self)
    }
}
