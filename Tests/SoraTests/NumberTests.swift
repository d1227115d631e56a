import Foundation
import Testing

/// No number, however odd, traps: it is refused with a message, or it is fine.
@Suite struct NumberTests {
    static let odd = ["0", "-1", "nan", "inf", "1e300", "9223372036854775807"]

    @Test(arguments: [
        "--count", "--rate", "--every", "--times", "--random", "--seed", "--start", "--end", "--size",
    ]) func frames(_ option: String) throws {
        let workspace = try Workspace.shared
        try check(["frames", workspace.clip], option, allowed: ["0": ["--times", "--seed", "--start"]])
    }

    @Test(arguments: ["--batch", "--frames", "--size", "--runs", "--chunk", "--threads"])
    func bench(_ option: String) throws {
        let small = ["--batch": "1", "--frames": "2", "--size": "16", "--runs": "1"].filter { $0.key != option }
        try check(["bench"] + small.flatMap { [$0.key, $0.value] }, option)
    }

    @Test(arguments: ["--start", "--end", "--top"]) func classify(_ option: String) throws {
        let workspace = try Workspace.shared
        try check(["classify", workspace.model, workspace.clip], option, allowed: ["0": ["--start"]])
    }

    @Test(arguments: ["--batch", "--unknown-below", "--wanted-accuracy", "--resamples", "--mistakes"])
    func evaluate(_ option: String) throws {
        let workspace = try Workspace.shared
        let zero = ["--unknown-below", "--wanted-accuracy", "--resamples", "--mistakes"]
        try check(["evaluate", workspace.model, "--data", workspace.heldOut], option, allowed: ["0": zero])
    }

    @Test(arguments: [
        "--epochs", "--batch", "--learning-rate", "--warm-up", "--weight-decay", "--gradient-limit",
        "--label-smoothing", "--average", "--patience", "--flip", "--brightness", "--contrast", "--jitter", "--chunk",
        "--frames", "--size", "--hidden", "--layers", "--embedding", "--dropout", "--validation", "--cache-mib",
    ]) func train(_ option: String) throws {
        let workspace = try Workspace.shared
        let small = ["--frames": "2", "--size": "16", "--epochs": "1", "--batch": "8"].filter { $0.key != option }
        let out = try workspace.newFolder() + "/m.safetensors"
        let zero = [
            "--warm-up", "--weight-decay", "--gradient-limit", "--label-smoothing", "--average", "--flip",
            "--brightness", "--contrast", "--jitter", "--dropout", "--validation", "--cache-mib",
        ]
        try check(
            ["train", "--data", workspace.clips, "--out", out] + small.flatMap { [$0.key, $0.value] }, option,
            allowed: ["0": zero])
    }

    @Test func numbersThatTogetherAreTooMany() throws {
        let outcome = try sora("bench", "--batch", "4096", "--frames", "10000", "--size", "4096")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("GiB") && outcome.errors.contains("--batch"))
        let workspace = try Workspace.shared
        let training = try sora(
            "train", "--data", workspace.clips, "--out", workspace.folder + "/none.safetensors", "--hidden", "8192",
            "--layers", "8")
        #expect(training.status == 1)
        #expect(training.errors.contains("GiB") && training.errors.contains("--hidden"))
    }

    /// - Parameter allowed: for a value, the options for which it is in order.
    private func check(_ arguments: [String], _ option: String, allowed: [String: [String]] = [:]) throws {
        for value in Self.odd {
            let outcome = try sora(arguments + ["\(option)=\(value)"])
            if allowed[value]?.contains(option) == true || option == "--seed" && value.hasPrefix("92") {
                #expect(outcome.status == 0, "\(option) \(value): \(outcome.errors)")
            } else {
                #expect(outcome.status == 64, "\(option) \(value): \(outcome.errors)")
                #expect(outcome.errors.contains(option), "\(option) \(value): \(outcome.errors)")
            }
        }
    }
}
