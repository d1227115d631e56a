/// A way in which a copy of a video differs from what it was made of.
public enum CopyEdit: String, CaseIterable, Sendable, Codable {
    /// Encoded again, with little room.
    case compressed
    /// Smaller.
    case resized
    /// A part of the picture.
    case cropped
    /// Brighter or darker, flatter or harder, of other colours or none.
    case recoloured
    /// With a mark in a corner.
    case logo
    /// A part of the time.
    case cut
    /// Faster or slower.
    case sped
    /// Left and right changed, and with the strength a part of the picture.
    case mirrored
    /// Between black bars.
    case barred
    /// With noise, as from a bad camera.
    case noisy

    /// How strong an edit can be: from what one hardly sees to what one cannot miss.
    public static let strengths = 1...3

    /// Of three numbers, the one for a strength.
    static func by<Number>(_ strength: Int, _ weak: Number, _ middle: Number, _ strong: Number) -> Number {
        [weak, middle, strong][min(max(strength, 1), 3) - 1]
    }
}
