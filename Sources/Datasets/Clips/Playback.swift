/// How a clip's frames are played, for a network to tell without labels: in which direction, and how fast
/// (Wei et al. 2018, "Learning and using the arrow of time"; Benaim et al. 2020, "SpeedNet").
public enum Playback: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nearly all of the clip, as it is.
    case forward
    /// A part of it, so that it is shown more slowly.
    case slow
    /// Nearly all of the clip, from its end.
    case backward
    /// A part of it, from that part's end.
    case slowBackward = "slow-backward"

    /// Its position among all of them: its label.
    var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    var isReversed: Bool { self == .backward || self == .slowBackward }
    /// The share of the clip's time that is shown.
    var length: ClosedRange<Double> { self == .slow || self == .slowBackward ? 0.35...0.45 : 0.8...1 }
}
