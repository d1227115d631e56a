internal import Foundation

/// Similarity by signatures: the same footage re-encoded, resized, brighter or darker, in grey, with a logo, cut, mirrored
/// or turned.
///
/// A scene and what happens in it are looked at apart, since clips of one camera look alike and are no copies:
///
/// - *scene*: the cosine of the two mean pictures, each without its own mean. Brightness and contrast do not count.
/// - *motion*: the correlation of what differs from the mean picture, cell by cell and time by time, at the shift in time
///   at which it is largest and both still overlap for 60 % of the shorter one. A logo, which does not move, does not count.
///
/// Two clips in which something moves are as alike as their motion, two in which nothing does as their scenes: 1 - 5 (1 -
/// cosine). Of a pair in which one moves and the other does not, 0. Of a pair in which one lasts less than a second, the
/// scene's cosine at most.
///
/// Cost: a dot product of 128 numbers for each pair of clips, and about 30 microseconds for each candidate, of which every
/// clip has 48 at most.
public struct SignatureSimilarity: ClipSimilarity {
    /// What it goes by.
    public let name = "pictures of 8x8 and how they change"
    /// Chosen on clips made for it and on pairs of different clips: see docs/prepare.md.
    public let duplicateThreshold = 0.85
    /// Mean deviation in grey levels from which on something moves.
    static let moving = 1.0

    private let signatures: [ClipSignature?]
    private let summaries: [SignatureSummary?]
    private let detail: DetailCheck?

    /// - Parameter signatures: in the manifest's order; nil for a clip without one.
    public init(_ signatures: [ClipSignature?]) { self.init(signatures, detail: nil) }

    /// The clips of a manifest, which are decoded again where their signatures are alike.
    /// - Parameter clips: what was found in each, in the manifest's order.
    public init(_ manifest: Manifest, _ clips: [ExaminedClip]) {
        self.init(clips.map { $0.facts?.signature }, detail: DetailCheck(manifest, clips))
    }

    private init(_ signatures: [ClipSignature?], detail: DetailCheck?) {
        self.signatures = signatures
        self.detail = detail
        summaries = signatures.map { $0.map { SignatureSummary($0) } }
    }

    /// The 48 nearest of each clip by scene and place of motion, in any symmetry.
    public func candidates() -> [ClipMatch] {
        let search = NeighbourSearch(summaries.map { $0?.vector })
        return search.pairs(over: 0.4, most: 48, signs: ClipMatch.Symmetry.allCases.map(\.signs)).map { pair in
            let symmetry = ClipMatch.Symmetry(rawValue: pair.signs) ?? .same
            return ClipMatch(
                first: pair.first, second: pair.second, similarity: 0, scene: scene(pair.first, pair.second, symmetry),
                symmetry: symmetry)
        }
    }

    /// Compares scene and motion.
    public func examine(_ match: ClipMatch) -> ClipMatch {
        guard let first = signatures[match.first], let second = signatures[match.second],
            let one = summaries[match.first], let other = summaries[match.second]
        else { return match }
        var match = match
        match.scene = scene(match.first, match.second, match.symmetry)
        switch (one.motion >= Self.moving, other.motion >= Self.moving) {
        case (true, true):
            let correlation = MotionCorrelation(first, second, match.symmetry)
            let motion = correlation.best
            match.shift = Double(correlation.shift) * max(first.step, second.step)
            // So little time may correlate by chance: then the scene must be the same as well.
            let isBrief = min(first.seconds, second.seconds) < 1
            match.similarity = max(0, isBrief ? min(motion, match.scene) : motion)
        case (false, false): match.similarity = max(0, 1 - 5 * (1 - match.scene))
        default: match.similarity = 0
        }
        return match
    }

    /// Compares the fine structure of both.
    public func confirm(_ match: ClipMatch) -> ClipMatch {
        guard let agreement = detail?.agreement(match), agreement < DetailCheck.least else { return match }
        var match = match
        match.similarity *= Double(max(0, agreement))
        return match
    }

    private func scene(_ first: Int, _ second: Int, _ symmetry: ClipMatch.Symmetry) -> Double {
        guard let one = summaries[first], let other = summaries[second] else { return 0 }
        return one.sceneCosine(other, symmetry)
    }
}

extension ClipMatch.Symmetry {
    /// What it does to the parts of a picture that are even or odd in x and in y: even-even, odd-even, even-odd, odd-odd.
    var signs: SIMD4<Float> {
        switch self {
        case .same: [1, 1, 1, 1]
        case .mirrored: [1, -1, 1, -1]
        case .flipped: [1, 1, -1, -1]
        case .turned: [1, -1, -1, 1]
        }
    }

    /// Where in a turned picture the cell at a place lies.
    package func place(_ cell: Int, side: Int = ClipSignature.side) -> Int {
        let (row, column) = (cell / side, cell % side)
        let turnsX = self == .mirrored || self == .turned
        let turnsY = self == .flipped || self == .turned
        return (turnsY ? side - 1 - row : row) * side + (turnsX ? side - 1 - column : column)
    }
}
