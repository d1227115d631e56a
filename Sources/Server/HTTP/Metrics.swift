internal import Synchronization

/// What is counted of requests, in the text format of Prometheus (version 0.0.4).
package final class Metrics: Sendable {
    private struct Route: Hashable {
        var route: String
        var status: Int
    }

    private struct Histogram {
        var buckets: [Int]
        var sum = 0.0
        var count = 0
    }

    private struct State {
        var answers: [Route: Int] = [:]
        var times: [String: Histogram] = [:]
    }

    package init() {}

    private let state = Mutex(State())
    /// Upper ends of the histograms' buckets, in seconds.
    private static let limits = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    package func count(route: String, status: Int, seconds: Double) {
        state.withLock { state in
            state.answers[Route(route: route, status: status), default: 0] += 1
            var histogram = state.times[route] ?? Histogram(buckets: [Int](repeating: 0, count: Self.limits.count))
            for (place, limit) in Self.limits.enumerated() where seconds <= limit { histogram.buckets[place] += 1 }
            histogram.sum += seconds
            histogram.count += 1
            state.times[route] = histogram
        }
    }

    /// - Parameter gauges: what is so at the moment, by name with its help.
    package func text(_ gauges: [(name: String, help: String, value: Double)]) -> String {
        let (answers, times) = state.withLock { ($0.answers, $0.times) }
        var lines = ["# HELP sora_requests_total Answers by route and status.", "# TYPE sora_requests_total counter"]
        for (key, count) in answers.sorted(by: { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }) {
            lines.append("sora_requests_total{route=\"\(key.route)\",status=\"\(key.status)\"} \(count)")
        }
        lines += ["# HELP sora_request_seconds Time until an answer begins.", "# TYPE sora_request_seconds histogram"]
        for (route, histogram) in times.sorted(by: { $0.key < $1.key }) {
            for (limit, count) in zip(Self.limits, histogram.buckets) {
                lines.append("sora_request_seconds_bucket{route=\"\(route)\",le=\"\(limit)\"} \(count)")
            }
            lines.append("sora_request_seconds_bucket{route=\"\(route)\",le=\"+Inf\"} \(histogram.count)")
            lines.append("sora_request_seconds_sum{route=\"\(route)\"} \(histogram.sum)")
            lines.append("sora_request_seconds_count{route=\"\(route)\"} \(histogram.count)")
        }
        for (name, help, value) in gauges {
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) gauge", "\(name) \(value)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
