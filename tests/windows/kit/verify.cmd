@echo off
rem Starts verify.exe, which does all the rest. read-me.txt says what that is.
setlocal
rem a variable of that name would hide the code of verify.exe
set "ERRORLEVEL="
set "arch=x86_64"
if /i "%PROCESSOR_ARCHITECTURE%"=="x86" if not defined PROCESSOR_ARCHITEW6432 set "arch=i686"
if exist "%~dp0%arch%\verify.exe" goto run
echo verify.exe is not here: take the whole kit out of the zip first, then start verify.cmd there.
set "code=2"
goto end
:run
"%~dp0%arch%\verify.exe" %*
set "code=%errorlevel%"
:end
if "%~1"=="" pause
exit /b %code%
