import Foundation
import Media
import SoraModel

/// What `--sampling fast`, `--reuse` and `--compare` came to for one file; empty without them.
struct Shortcuts: Encodable {
    /// Largest distance in seconds between a frame taken and the one that the model asks for.
    var largestDistance: Double?
    /// The mean of these distances.
    var meanDistance: Double?
    /// The share of frames that took over another's vector, 0...1.
    var reusedFrames: Double?
    /// The cosine of the embedding and the one worked out in full.
    var cosineToFull: Double?

    init(_ outcome: FilePredictor.Outcome, _ options: InputOptions) {
        if options.sampling != .exact {
            (largestDistance, meanDistance) = (outcome.largestDistance, outcome.meanDistance)
        }
        if options.reuse != nil || outcome.reusedShare > 0 { reusedFrames = outcome.reusedShare }
        cosineToFull = outcome.cosineToFull
    }

    /// `frames off by 0.200 s at most, 0.136 s on average; 25.0% of frames reused; cosine to full 0.99912`
    var text: String {
        var parts: [String] = []
        if let largestDistance, let meanDistance {
            parts.append(Self.distances(largest: largestDistance, mean: meanDistance))
        }
        if let reusedFrames { parts.append(String(format: "%.1f%% of frames reused", reusedFrames * 100)) }
        if let cosineToFull { parts.append(String(format: "cosine to full %.5f", cosineToFull)) }
        return parts.joined(separator: "; ")
    }

    /// `frames off by 0.200 s at most, 0.136 s on average`
    static func distances(largest: Double, mean: Double) -> String {
        String(format: "frames off by %.3f s at most, %.3f s on average", largest, mean)
    }
}
