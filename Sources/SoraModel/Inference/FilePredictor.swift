public import Media

/// Runs a model over video files: the next files are decoded while this one is in the network.
public struct FilePredictor {
    private let predictor: Predictor
    private let format: ClipFormat
    /// What to do about damaged frames.
    public var damage = FrameRequest.DamagePolicy.hold
    /// Start of the part of each file to use, inclusive, counted from its first frame.
    public var start: MediaTime?
    /// End of the part of each file to use, exclusive, counted from its first frame.
    public var end: MediaTime?

    /// What a model says of one file.
    public struct Outcome: Sendable {
        /// The file.
        public var path: String
        /// Its embedding and probabilities.
        public var prediction: Prediction
        /// When each frame that the network saw is shown.
        public var times: [MediaTime]
        /// How many frames were damaged.
        public var damagedCount: Int
    }

    public init(_ predictor: Predictor, format: ClipFormat) {
        self.predictor = predictor
        self.format = format
    }

    /// Calls `body` with the outcome for each file, in order. A file that fails does not stop the others.
    /// - Throws: what `body` throws.
    public func predict(
        _ paths: [String], body: (_ path: String, _ outcome: Result<Outcome, any Error>) throws -> Void
    ) throws {
        var request = format.specification.evaluationRequest(start: start, end: end)
        request.damage = damage
        let clips = Prefetch(count: paths.count, threads: 1, ahead: 2) { [request] index in
            Result { try VideoReader(path: paths[index]).read(request) }
        }
        for path in paths {
            guard let clip = clips.next() else { break }
            try body(path, Result { try outcome(path, clip.get()) })
        }
    }

    private func outcome(_ path: String, _ frames: Frames) throws -> Outcome {
        guard frames.count > 0 else {
            throw MediaError(
                .damaged, path: path, "no frame of the part asked for could be decoded",
                remedy: "Play the file to see whether it is damaged, or ask for another part.")
        }
        let bytes = frames.fitted(count: format.frames)
        let predictions = try predictor.predict(bytes, clips: 1)
        return Outcome(
            path: path, prediction: predictions[0], times: frames.times, damagedCount: frames.damagedCount)
    }
}

extension Frames {
    /// The bytes of exactly `count` frames: where there are fewer, as with damage, they are repeated evenly.
    public func fitted(count: Int) -> [UInt8] {
        guard self.count != count, self.count > 0 else { return bytes }
        return (0..<count).reduce(into: []) { result, index in
            result.append(contentsOf: bytes[byteRange(of: index * self.count / count)])
        }
    }
}
