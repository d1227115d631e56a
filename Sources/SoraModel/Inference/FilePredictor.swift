public import Media

/// Runs a model over video files: the next files are decoded while this one is in the network.
public struct FilePredictor {
    private let makePredictor: () throws -> Predictor
    private let format: ClipFormat
    /// What to do about damaged frames.
    public var damage = FrameRequest.DamagePolicy.hold
    /// Start of the part of each file to use, inclusive, counted from its first frame.
    public var start: MediaTime?
    /// End of the part of each file to use, exclusive, counted from its first frame.
    public var end: MediaTime?
    /// Whether frames near those that the model asks for will do.
    public var accuracy = FrameRequest.Accuracy.exact
    /// Frames whose bytes differ by no more than this on average (0...255) from those of the last frame that went through
    /// the network take over its vector; nil to send every frame through.
    public var reuse: Double?
    /// Whether to work out each file a second time, from exact frames of which every one goes through the network, and
    /// say how near the two embeddings are.
    public var comparesWithFull = false

    /// What a model says of one file.
    public struct Outcome: Sendable {
        /// The file.
        public var path: String
        /// Its embedding and probabilities.
        public var prediction: Prediction
        /// When each frame that was taken is shown.
        public var times: [MediaTime]
        /// How many frames were damaged.
        public var damagedCount: Int
        /// Largest distance in seconds between a frame taken and the one the model asks for; 0 under `.exact`.
        public var largestDistance = 0.0
        /// Mean distance in seconds between the frames taken and those the model asks for; 0 under `.exact`.
        public var meanDistance = 0.0
        /// The share of the clip's frames that took over another's vector, 0...1.
        public var reusedShare = 0.0
        /// The cosine of the embedding and the full one, -1...1, where they are compared.
        public var cosineToFull: Double?
    }

    /// Runs `predictor`, which takes clips of this format.
    public init(_ predictor: Predictor, format: ClipFormat) {
        self.init(format: format) { predictor }
    }

    /// Runs a predictor that is made only once the first files are being decoded, so that the one does not wait for the
    /// other.
    ///
    /// - Parameter predictor: makes it, on the thread that calls `predict`; what it throws, `predict` throws.
    public init(format: ClipFormat, predictor: @escaping () throws -> Predictor) {
        self.format = format
        makePredictor = predictor
    }

    /// A file's frames, and where it is to be compared with the full result, the exact ones.
    private struct Clip: Sendable {
        var frames: Frames
        var full: Frames?
    }

    /// Calls `body` with the outcome for each file, in order. A file that fails does not stop the others.
    ///
    /// `DecodingThreads` says how many are decoded meanwhile.
    /// - Throws: what `body` throws.
    public func predict(
        _ paths: [String], body: (_ path: String, _ outcome: Result<Outcome, any Error>) throws -> Void
    ) throws {
        var request = format.specification.evaluationRequest(start: start, end: end)
        request.damage = damage
        let exact = request
        request.accuracy = accuracy
        let comparesFrames = comparesWithFull && accuracy != .exact
        let threads = DecodingThreads(for: paths.count)
        let clips = Prefetch(count: paths.count, threads: threads.files, ahead: threads.ahead) { [request] index in
            Result {
                let reader = try VideoReader(path: paths[index], threads: threads.perFile)
                return Clip(frames: try reader.read(request), full: comparesFrames ? try reader.read(exact) : nil)
            }
        }
        guard !paths.isEmpty else { return }
        let predictor = try makePredictor()
        for path in paths {
            guard let clip = clips.next() else { break }
            try body(path, Result { try outcome(path, clip.get(), predictor) })
        }
    }

    private func outcome(_ path: String, _ clip: Clip, _ predictor: Predictor) throws -> Outcome {
        let frames = clip.frames
        guard frames.count > 0 else {
            throw MediaError(
                .damaged, path: path, "no frame of the part asked for could be decoded",
                remedy: "Play the file to see whether it is damaged, or ask for another part.")
        }
        let bytes = frames.fitted(count: format.frames)
        var outcome = Outcome(
            path: path, prediction: Prediction(embedding: [], probabilities: []), times: frames.times,
            damagedCount: frames.damagedCount)
        (outcome.largestDistance, outcome.meanDistance) = (frames.largestDistance, frames.meanDistance)
        // A key frame that stands for several is computed once.
        if let reuse = reuse ?? (accuracy == .keys && !predictor.seesMotion ? 0 : nil) {
            let plan = FrameReuse(bytes, count: format.frames, threshold: reuse)
            outcome.reusedShare = 1 - Double(plan.kept.count) / Double(format.frames)
            let features = try predictor.features(bytes, count: format.frames, of: plan.kept)
            outcome.prediction = try predictor.predict(features: plan.spread(features), clips: 1)[0]
        } else {
            outcome.prediction = try predictor.predict(bytes, clips: 1)[0]
        }
        if comparesWithFull {
            let full = try predictor.predict(clip.full?.fitted(count: format.frames) ?? bytes, clips: 1)[0]
            outcome.cosineToFull = outcome.prediction.cosine(to: full)
        }
        return outcome
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
