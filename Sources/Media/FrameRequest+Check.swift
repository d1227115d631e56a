extension FrameRequest {
    /// Refuses what no video can satisfy.
    func check(path: String) throws(MediaError) {
        let most = 10_000_000
        switch sampling {
        case .uniform(let count), .random(let count, _):
            guard (1...most).contains(count) else {
                throw MediaError(
                    .badRequest, path: path, "\(count) frames were asked for", remedy: "Ask for 1 to \(most) frames.")
            }
        case .rate(let rate):
            guard rate > 0, rate <= 10_000 else {
                throw MediaError(
                    .badRequest, path: path, "a rate of \(rate) frames per second was asked for",
                    remedy: "Ask for a rate above 0, up to 10000.")
            }
        case .every(let step):
            guard step >= 1 else {
                throw MediaError(
                    .badRequest, path: path, "every \(step)th frame was asked for",
                    remedy: "Ask for a step of 1 or more.")
            }
        case .all, .keyFrames, .times: break
        }
        if let start, let end, end <= start {
            throw MediaError(
                .badRequest, path: path, "the part asked for ends at \(end) and starts at \(start)",
                remedy: "Give an end after the start.")
        }
    }
}
