import Foundation
import SoraModel
import Testing
import Training

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Runs, as their history files and the models beside them tell of them.
@Suite struct RunsTests {
    private static let header = "epoch,loss,accuracy,val_loss,val_accuracy,val_f1,learning_rate,seconds\n"
    /// The third epoch has the F1 of the second, and a lower loss; the fourth the lowest loss, and a lower F1.
    private static let good = """
        1,2.0,0.1,1.9,0.2,0.15,0.001,10
        2,1.5,0.4,1.2,0.8,0.75,0.001,10
        3,1.0,0.6,1.1,0.7,0.75,0.001,10
        4,0.5,0.9,0.9,0.7,0.7,0.001,10.5
        """
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("sora-runs-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder + "/b/.hidden", withIntermediateDirectories: true)
        try write("a.safetensors", Self.good)
        try write("b/c.safetensors", "1,0.75,0.5,,,,0.001,3\n2,0.25,0.5,,,,0.001,3\n")
        try write("b/.hidden/d.safetensors", Self.good)
        try write("worse.safetensors", "1,0.1,1,0.1,0.9,0.5,0.001,3\n")
    }

    private func write(_ model: String, _ rows: String) throws {
        try Data((Self.header + rows).utf8).write(to: URL(fileURLWithPath: "\(folder)/\(model).history.csv"))
    }

    private func run(_ model: String) throws -> TrainingRun {
        try TrainingRun(history: "\(folder)/\(model).history.csv")
    }

    @Test func theBestEpochIsTheOneThatWasKept() throws {
        let good = try run("a.safetensors")
        #expect(good.best.epoch == 3 && good.epochs == 4 && good.finalLoss == 0.5 && good.seconds == 40.5)
        #expect(good.model == folder + "/a.safetensors" && good.preset == nil && good.labels == nil)
        // Without validation clips the model is written after every epoch.
        #expect(try run("b/c.safetensors").best.epoch == 2)
    }

    @Test func betterRunsComeFirst() throws {
        let runs = try ["b/c.safetensors", "worse.safetensors", "a.safetensors"].map(run)
        #expect(
            runs.sorted(by: TrainingRun.precedes).map { URL(fileURLWithPath: $0.model).lastPathComponent }
                == ["a.safetensors", "worse.safetensors", "c.safetensors"])
    }

    @Test func theModelBesideSaysWhatItIs() throws {
        var configuration = Preset.small.configuration
        (configuration.labels, configuration.clip.size) = (["x", "y"], 32)
        try Model(configuration, seed: 1).write(to: folder + "/a.safetensors")
        var good = try run("a.safetensors")
        try good.readModel()
        #expect(good.preset == "small" && good.labels == ["x", "y"])
        try Data("no model".utf8).write(to: URL(fileURLWithPath: folder + "/worse.safetensors"))
        var worse = try run("worse.safetensors")
        #expect(throws: (any Error).self) { try worse.readModel() }
        #expect(worse.preset == nil)
    }

    @Test func placesAreFoldersModelsOrHistories() throws {
        func names(_ place: String) throws -> [String] {
            try TrainingRun.histories(at: place).map { String($0.dropFirst(folder.count + 1)) }
        }
        #expect(
            try names(folder)
                == ["a.safetensors.history.csv", "b/c.safetensors.history.csv", "worse.safetensors.history.csv"])
        #expect(try names(folder + "/b/") == ["b/c.safetensors.history.csv"])
        #expect(try names(folder + "/a.safetensors") == ["a.safetensors.history.csv"])
        #expect(try names(folder + "/a.safetensors.history.csv") == ["a.safetensors.history.csv"])
        // Hidden folders are not searched, but taken where they are named.
        #expect(try names(folder + "/b/.hidden") == ["b/.hidden/d.safetensors.history.csv"])
        try FileManager.default.createDirectory(atPath: folder + "/empty", withIntermediateDirectories: true)
        let error = #expect(throws: TrainingError.self) { try names(folder + "/empty") }
        #expect(try #require(error).message.hasPrefix("\(folder)/empty holds no *.history.csv"))
    }

    @Test func emptyAndBrokenHistoriesAreNamed() throws {
        try write("none.safetensors", "")
        let error = #expect(throws: TrainingError.self) { try run("none.safetensors") }
        #expect(try #require(error).message.contains("none.safetensors.history.csv holds no epoch"))
        #expect(throws: TrainingError.self) { try TrainingRun(history: folder + "/nothing") }
    }

    /// The picture is XML with a curve for each run, whatever the numbers and names are.
    @Test func curvesAreAPicture() throws {
        try write("<&\u{7}>.safetensors", "1,nan,0.5,inf,nan,nan,0.001,3\n2,1e300,0.5,-inf,0.5,0.5,0.001,3\n")
        let names = ["a.safetensors", "b/c.safetensors", "worse.safetensors", "<&\u{7}>.safetensors"]
        let svg = try RunCurves(names.map(run)).svg.replacing(folder, with: "")
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        // Two panels: curves of more than one epoch are lines, of one a point; what is not a number is left out.
        #expect(svg.split(separator: "<polyline").count - 1 == 4)
        #expect(svg.split(separator: "<circle").count - 1 == 3)
        #expect(svg.contains("&lt;&amp;\u{FFFD}&gt;.safetensors") && !svg.contains("nan") && !svg.contains("inf"))
        // The first run's accuracy: 0.2 at the left end, 0.8 at a third of 420 pixels, of 260 pixels from 34 on.
        #expect(svg.contains("points=\"56.0,242.0 196.0,86.0 336.0,112.0 476.0,112.0\""))
    }
}
