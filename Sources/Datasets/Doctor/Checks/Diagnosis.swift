/// What a dataset's clips are like, and what is wrong with them.
public struct Diagnosis: Sendable {
    /// What counts as wrong.
    public struct Limits: Sendable, Hashable {
        /// Seconds below which a clip is short.
        public var shortest = 0.5
        /// Frames below which a clip is short.
        public var fewestFrames = 8
        /// Similarity from which on two clips are copies; the measure's own where nil.
        public var similarity: Double?

        public init() {}
    }

    /// The clips.
    public let manifest: Manifest
    /// What was found in each, in the manifest's order.
    public let clips: [ExaminedClip]
    /// Which clips are alike.
    public let close: CloseClips
    /// What counts as wrong.
    public let limits: Limits
    /// What is wrong, the gravest first.
    public let problems: [Problem]

    /// Judges a dataset.
    /// - Parameters:
    ///   - clips: what was found in each, in the manifest's order.
    ///   - similarity: what near-duplicates are found by; signatures where nil.
    ///   - observe: told how many of how many pairs that are alike were looked at again.
    public init(
        _ manifest: Manifest, _ clips: [ExaminedClip], similarity: (any ClipSimilarity)? = nil,
        limits: Limits = Limits(), observe: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) {
        self.manifest = manifest
        self.clips = clips
        self.limits = limits
        let measure = similarity ?? SignatureSimilarity(manifest, clips)
        close = CloseClips(measure, threshold: limits.similarity, observe: observe)
        var checks = Checks(manifest, clips, close, limits)
        problems = checks.run()
    }

    /// Clips that can be used.
    public var usable: [Int] { clips.indices.filter { clips[$0].facts != nil } }

    /// Clips that cannot be used, and files that are not there.
    public var unusableCount: Int { clips.count(where: { $0.facts == nil }) + manifest.missing.count }
}

/// Looks for everything that may be wrong, kind by kind.
struct Checks {
    let manifest: Manifest
    let clips: [ExaminedClip]
    let close: CloseClips
    let limits: Diagnosis.Limits
    var problems: [Problem] = []

    init(_ manifest: Manifest, _ clips: [ExaminedClip], _ close: CloseClips, _ limits: Diagnosis.Limits) {
        self.manifest = manifest
        self.clips = clips
        self.close = close
        self.limits = limits
    }

    /// All problems, the gravest first, those of one severity in the order of `Problem.Kind`.
    mutating func run() -> [Problem] {
        checkFiles()
        checkPictures()
        checkShapes()
        checkClasses()
        checkGiveaways()
        checkCopies()
        checkGroups()
        let kinds = Dictionary(Problem.Kind.allCases.enumerated().map { ($1, $0) }) { first, _ in first }
        let grades = Dictionary(Problem.Severity.allCases.enumerated().map { ($1, $0) }) { first, _ in first }
        return problems.sorted {
            (grades[$0.severity] ?? 0, kinds[$0.kind] ?? 0) < (grades[$1.severity] ?? 0, kinds[$1.kind] ?? 0)
        }
    }

    /// The facts of the clips that can be used, with their positions.
    var known: [(clip: Int, facts: ClipFacts)] {
        clips.enumerated().compactMap { index, clip in clip.facts.map { (index, $0) } }
    }

    /// Adds a problem of the clips for which `detail` says something.
    mutating func add(
        _ kind: Problem.Kind, _ severity: Problem.Severity, _ what: (one: String, many: String), advice: String,
        _ detail: (ClipFacts) -> String?
    ) {
        let places = known.compactMap { clip, facts in
            detail(facts).map { Problem.Place(clip: clip, path: manifest.items[clip].path, detail: $0) }
        }
        guard !places.isEmpty else { return }
        problems.append(
            Problem(kind, severity, Self.count(places.count, "clip", what), advice: advice, places: places))
    }

    /// `1 clip is black`, `3 clips are black`
    static func count(_ count: Int, _ thing: String, _ what: (one: String, many: String)) -> String {
        count == 1 ? "1 \(thing) \(what.one)" : "\(count) \(thing)s \(what.many)"
    }
}
