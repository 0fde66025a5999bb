//! docmill as it is built with the feature `objects`.

fn main() -> std::process::ExitCode {
    docmill_cli::main_with(docmill_cli::registry())
}
