import Datasets
import Foundation
import Media
import Neural
import Reports
import SoraModel
import Training

/// The worst mistakes of a model, as clips that play beside what it went by.
struct MistakeSection {
    let table: PredictionTable
    /// How many to show.
    let count: Int

    /// The rows of the mistakes, the ones that the model is surest of first.
    private var worst: [Int] {
        let wrong = table.rows.indices.filter { !table.isRight($0) }
        func size(_ row: Int) -> Double { table.surprise(row) }
        return wrong.sorted { (size($1), $0) < (size($0), $1) }
    }

    /// One section, or none where there is no mistake to show.
    func sections(_ source: (PredictionTable.Row) throws -> EvaluationPage.Source?) throws -> [Page.Section] {
        let worst = worst
        guard count > 0, !worst.isEmpty else { return [] }
        let shown = Array(worst.prefix(count))
        var isExplained = true
        var clips: [Int: ExplainedClip] = [:]
        let progress = ProgressBar(total: shown.count, style: Console.progressStyle, sink: Console.progress)
        // Fold by fold, so that one model at a time is in memory.
        for (_, rows) in Dictionary(grouping: shown, by: { table.rows[$0].fold ?? "" }).sorted(by: { $0.key < $1.key })
        {
            guard let found = try source(table.rows[rows[0]]) else { continue }
            isExplained = isExplained && found.isExplained
            let explainer = try Explainer(found)
            for row in rows {
                clips[row] = explainer.explain(table, row)
                progress.advance(table.rows[row].path)
            }
        }
        progress.clear()
        let explanation =
            " On the left the frames as it saw them; on the right, in colour, the places that speak for what it said (Grad-CAM). The bars below are the frames: upward for what it said, downward "
            + "against it (gradient times input of each frame's vector). Both show what the answer follows in small steps, "
            + "not all that it depends on."
        return [
            Page.Section(
                "Worst mistakes",
                lead: "Where the model is surest and wrong."
                    + (isExplained ? explanation : " What a classifier goes by is not shown."),
                body: .explained(shown.compactMap { clips[$0] }) + .more(worst.count - shown.count, of: "mistakes"))
        ]
    }
}

extension PredictionTable {
    /// How wrong a clip's answer is: the log loss.
    fileprivate func surprise(_ row: Int) -> Double {
        let probabilities = rows[row].probabilities
        guard isMultiLabel else { return 1 - probabilities[rows[row].truth.first ?? 0] }
        return labels.indices.map { abs(probabilities[$0] - (rows[row].truth.contains($0) ? 1 : 0)) }.max() ?? 0
    }
}

/// Shows clips with what one model goes by in them.
private struct Explainer {
    private let source: EvaluationPage.Source
    /// Nil where a classifier judged.
    private let explainer: ClipExplainer?
    private let places: [PredictionTable.ClipKey: Int]

    init(_ source: EvaluationPage.Source) throws {
        self.source = source
        explainer =
            source.isExplained ? try ClipExplainer(source.model, backend: OneDNNBackend(choice: .measuredOnce)) : nil
        places = Dictionary(
            source.manifest.items.enumerated().map { index, item in
                (
                    PredictionTable.ClipKey(path: item.path, start: item.start?.seconds, end: item.end?.seconds), index
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The clip of a row; without its picture where it can no longer be shown.
    func explain(_ table: PredictionTable, _ row: Int) -> ExplainedClip {
        let own = table.rows[row]
        func names(_ classes: [Int]) -> String {
            classes.isEmpty ? "nothing" : classes.map { table.labels[$0] }.joined(separator: ", ")
        }
        let label = told(table, row)
        let share = { (label: Int) in String(format: "%.0f%%", own.probabilities[label] * 100) }
        let truths = own.truth.map { "\(table.labels[$0]) \(share($0))" }.joined(separator: ", ")
        var clip = ExplainedClip(
            path: own.path, label: "called \(names(table.called(row)))\(table.isMultiLabel ? "" : " \(share(label))")",
            remark: "is \(truths.isEmpty ? "nothing" : truths)" + (own.fold.map { " · fold \($0)" } ?? ""))
        do {
            guard let place = places[own.clip] else { return clip }
            let frames = try source.loader.clip(place, mode: .evaluation)
            guard let explanation = try explainer?.explain(frames, label: label) else {
                clip.movie = try Movie(Self.plain(frames, source.model.configuration.clip))
                return clip
            }
            clip.movie = try Movie(Self.pictures(frames, explanation, source.model.configuration.clip))
            clip.frames = explanation.frames
            clip.caption = "what each frame adds for or against \(table.labels[label])"
        } catch {
            Console.note("sora: \(own.path) is on the page without its picture: \(error)")
        }
        return clip
    }

    /// The label that is explained: what the clip was called wrongly, or what was missed.
    private func told(_ table: PredictionTable, _ row: Int) -> Int {
        guard table.isMultiLabel else { return table.likeliest(row) }
        let probabilities = table.rows[row].probabilities
        let truth = table.rows[row].truth
        return table.labels.indices.max { a, b in
            func size(_ label: Int) -> Double { abs(probabilities[label] - (truth.contains(label) ? 1 : 0)) }
            return size(a) < size(b)
        } ?? 0
    }

    private static func plain(_ bytes: [UInt8], _ format: ClipFormat) -> Frames {
        Frames(
            height: format.size, width: format.size, bytes: bytes, times: times(format),
            indices: Array(0..<format.frames))
    }

    /// Slowly enough to see each.
    private static func times(_ format: ClipFormat) -> [MediaTime] {
        (0..<format.frames).map { MediaTime(value: Int64($0), timescale: 6) }
    }

    /// Each frame beside itself in grey, with the map's strength in colour over it.
    private static func pictures(_ bytes: [UInt8], _ explanation: ClipExplanation, _ format: ClipFormat) -> Frames {
        let size = format.size
        let strengths = (0..<256).map { HeatColour(strength: Float($0) / 255) }
        var picture: [UInt8] = []
        picture.reserveCapacity(bytes.count * 2)
        for frame in 0..<format.frames {
            for row in 0..<size {
                let start = (frame * size + row) * size * 3
                picture += bytes[start..<start + size * 3]
                for column in 0..<size {
                    let pixel = start + column * 3
                    let strength = explanation.strength(
                        frame: frame, x: (Double(column) + 0.5) / Double(size), y: (Double(row) + 0.5) / Double(size))
                    let colour = strengths[min(255, max(0, Int(strength * 255)))]
                    let grey = Luma.of(bytes[pixel], bytes[pixel + 1], bytes[pixel + 2])
                    colour.append(over: Float(grey), to: &picture)
                }
            }
        }
        return Frames(
            height: size, width: size * 2, bytes: picture, times: times(format), indices: Array(0..<format.frames))
    }
}

/// A colour that is laid over a grey picture: nothing for 0, then amber, then red.
private struct HeatColour {
    private let red: Float
    private let green: Float
    private let blue: Float
    private let cover: Float

    init(strength: Float) {
        cover = 0.75 * strength.squareRoot() * min(1, strength * 4)
        (red, green, blue) = (255 - 25 * strength, 190 - 160 * strength, 20 + 15 * strength)
    }

    /// Appends the pixel.
    func append(over grey: Float, to picture: inout [UInt8]) {
        func add(_ light: Float) {
            picture.append(UInt8(min(255, max(0, grey * 0.85 * (1 - cover) + light * cover))))
        }
        add(red)
        add(green)
        add(blue)
    }
}
