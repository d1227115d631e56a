import Foundation
import Media

extension ClipFormat {
    /// What another program must do to a video before the network, by name, for a file that it reads. Bytes go into the
    /// network as they are: `mean` and `deviation` are for reference.
    package var preprocessing: [(key: String, value: String)] {
        [
            ("frames", "\(frames)"),
            (
                "sampling",
                "of the n frames of a clip, for k from 0 to \(frames - 1), number (2 * k + 1) * n / (2 * \(frames)) "
                    + "rounded down, counted from 0"
            ),
            ("size", "\(size)"),
            ("fit", specification.fit.rawValue),
            ("margin", "\(specification.margin)"),
            ("resize", resizing),
            ("channels", "RGB"),
            ("mean", list(mean)),
            ("deviation", list(deviation)),
        ]
    }

    private var resizing: String {
        let side = Int((Double(size) * specification.margin).rounded())
        let how =
            switch specification.fit {
            case .stretch: "to \(side)x\(side) whatever its shape"
            case .crop: "until its shorter side is \(side)"
            case .letterbox: "to lie inside \(side)x\(side), on black"
            }
        return "each frame, upright and with square pixels, \(how), then its middle \(size)x\(size)"
    }

    private func list(_ numbers: [Float]) -> String { "[\(numbers.map { "\($0)" }.joined(separator: ", "))]" }
}
