package reconciler.intake.workbook;

/// A sheet as its workbook lists it.
///
/// @param part its name in the archive
record SheetEntry(String name, String part, boolean isHidden) {}
